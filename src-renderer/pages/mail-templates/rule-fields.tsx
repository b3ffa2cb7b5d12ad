import { Box, Checkbox, FormControlLabel } from '@mui/material'
import type { ReactNode } from 'react'
import { requestMailEvents } from '#contract/mail-template.ts'
import { Choice, ListLines, TextLine, Tick } from '../../components/fields.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { addressesOf, eventWords, namedRecipients, recipientWords, type MailRule } from './event-words.ts'

type Needs = { rule: MailRule; change: (part: Partial<MailRule>) => void; faults: Record<string, string>; disabled: boolean }

/** When a mail goes out, of which partitions, and to whom. */
export const RuleFields = ({ rule, change, faults, disabled }: Needs) => {
  const partitions = (useCall('partitions.list', {}).value ?? []).map(({ name }) => name)
  const known = [...new Set([...partitions, ...rule.partitions])]
  const addresses = addressesOf(rule)
  const chosen = rule.to.filter((one) => !addresses.includes(one))
  const fault = faults['to'] ?? faults[Object.keys(faults).find((path) => path.startsWith('to.')) ?? '']
  return (
    <Box sx={{ display: 'grid', gap: 1.25 }}>
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', lg: 'minmax(0, 1fr) minmax(0, 1fr) auto minmax(0, 1.2fr)' }, columnGap: 2, rowGap: 1, alignItems: 'start' }}>
        <TextLine label="Name" name="name" value={rule.name} onChange={(name) => change({ name })} error={faults['name']} disabled={disabled} autoFocus={!disabled} />
        <Choice label="When" name="event" value={rule.event} onChange={(event) => change({ event })} disabled={disabled} options={requestMailEvents.map((value) => ({ value, label: eventWords[value] }))} />
        <Group title="Goes to">
          {namedRecipients.map((name) => <FormControlLabel key={name} label={recipientWords[name]} disabled={disabled} control={<Checkbox checked={rule.to.includes(name)} onChange={(event) => change({ to: [...(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name)), ...addresses] })} />} />)}
        </Group>
        <ListLines label="And to these addresses" name="to" mono values={addresses} disabled={disabled} onChange={(typed) => change({ to: [...chosen, ...typed] })} error={fault} placeholder="desk@example.com, …" helper="Nobody gets the same mail twice." />
      </Box>
      <Box sx={{ display: 'flex', columnGap: 3, rowGap: 1, flexWrap: 'wrap', alignItems: 'end', borderBottom: 1, borderColor: 'divider', pb: 1 }}>
        <Tick label="This mail is on" value={rule.enabled} onChange={(enabled) => change({ enabled })} disabled={disabled} />
        {known.length > 1 && (
          <Group title={rule.partitions.length === 0 ? 'Of any partition; choose some to narrow it' : 'Of these partitions'}>
            {known.map((name) => <FormControlLabel key={name} disabled={disabled} label={partitions.includes(name) ? name : `${name} (is gone)`} control={<Checkbox checked={rule.partitions.includes(name)} onChange={(event) => change({ partitions: event.target.checked ? [...rule.partitions, name] : rule.partitions.filter((one) => one !== name) })} />} />)}
          </Group>
        )}
      </Box>
    </Box>
  )
}

const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
    <Box component="legend" sx={{ p: 0, fontSize: 12.5, fontWeight: 500, mb: 0.4 }}>{title}</Box>
    <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, maxHeight: 96, overflow: 'auto', pl: 0.5 }}>{children}</Box>
  </Box>
)
