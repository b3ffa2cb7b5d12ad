import { Box, Checkbox, FormControlLabel, FormHelperText, Typography } from '@mui/material'
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
    <>
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 1.5 }}>
        <TextLine label="Name" name="name" value={rule.name} onChange={(name) => change({ name })} error={faults['name']} disabled={disabled} autoFocus={!disabled} />
        <Choice label="When" name="event" value={rule.event} onChange={(event) => change({ event })} disabled={disabled} options={requestMailEvents.map((value) => ({ value, label: eventWords[value] }))} />
      </Box>
      <Box component="fieldset" data-field="to" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
        <Typography component="legend" variant="h3">Goes to</Typography>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2 }}>
          {namedRecipients.map((name) => <FormControlLabel key={name} label={recipientWords[name]} disabled={disabled} control={<Checkbox checked={rule.to.includes(name)} onChange={(event) => change({ to: [...(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name)), ...addresses] })} />} />)}
        </Box>
        <ListLines label="And to these addresses" name="addresses" mono rows={1} values={addresses} disabled={disabled} onChange={(typed) => change({ to: [...chosen, ...typed] })} error={fault} helper="One a line. Nobody gets the same mail twice." />
      </Box>
      {known.length > 1 && (
        <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
          <Typography component="legend" variant="h3">Of these partitions</Typography>
          <FormHelperText sx={{ '&&': { mt: 0 } }}>{rule.partitions.length === 0 ? 'None is chosen: of any.' : 'Of the chosen ones only.'}</FormHelperText>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, maxHeight: 130, overflow: 'auto' }}>
            {known.map((name) => <FormControlLabel key={name} disabled={disabled} label={partitions.includes(name) ? name : `${name} (is gone)`} control={<Checkbox checked={rule.partitions.includes(name)} onChange={(event) => change({ partitions: event.target.checked ? [...rule.partitions, name] : rule.partitions.filter((one) => one !== name) })} />} />)}
          </Box>
        </Box>
      )}
      <Tick label="This mail is on" value={rule.enabled} onChange={(enabled) => change({ enabled })} disabled={disabled} />
    </>
  )
}
