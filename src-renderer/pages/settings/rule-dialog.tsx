import { Box, Button, Checkbox, FormControlLabel, FormHelperText, Typography } from '@mui/material'
import { useState } from 'react'
import { settings as settingsSchema, type Settings } from '#contract/settings.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { ListLines, TextLine, Tick } from '../../components/fields.tsx'
import { errorAt, errorsBelow, errorsOf } from '../../settings/setting-errors.ts'
import { eventGroups } from './event-words.ts'

export type Rule = Settings['alerts']['rules'][number]
export const newRule: Rule = { name: '', enabled: true, events: [], servers: [], to: [] }
type Needs = { rule: Rule; isNew: boolean; others: readonly Rule[]; servers: readonly string[]; onDone: (rule: Rule) => void; onClose: () => void }

/** One notification rule: when what happens, at which servers, who is mailed. It is saved with the page. */
export const RuleDialog = ({ rule, isNew, others, servers, onDone, onClose }: Needs) => {
  const [draft, setDraft] = useState(rule)
  const [tried, setTried] = useState(false)
  const change = (part: Partial<Rule>): void => setDraft((before) => ({ ...before, ...part }))
  const errors = faults(draft, others)
  const shown = tried ? errors : {}
  const submit = (): void => (Object.keys(errors).length > 0 ? setTried(true) : onDone(draft))
  const known = [...new Set([...servers, ...rule.servers])]
  return (
    <DialogFrame title={isNew ? 'Add notification rule' : `Notification rule – ${rule.name}`} width={680} onClose={onClose} onSubmit={submit} actions={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="contained" color="primary">{isNew ? 'Add' : 'Done'}</Button></>}>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <TextLine label="Name" name="ruleName" width={320} value={draft.name} onChange={(name) => change({ name })} error={errorAt(shown, 'name')} autoFocus />
        <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
          <Typography component="legend" variant="h3">When this happens</Typography>
          <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(290px, 1fr))', columnGap: 2, mt: 0.5 }}>
            {eventGroups.map(({ title, events }) => (
              <Box key={title} role="group" aria-label={title} sx={{ mb: 1 }}>
                <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{title}</Box>
                {events.map(({ kind, words }) => <Box key={kind}><FormControlLabel label={words} control={<Checkbox checked={draft.events.includes(kind)} onChange={() => change({ events: toggled(draft.events, kind) })} />} /></Box>)}
              </Box>
            ))}
          </Box>
          {errorAt(shown, 'events') && <FormHelperText error>{errorAt(shown, 'events')}</FormHelperText>}
        </Box>
        <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
          <Typography component="legend" variant="h3">At these servers</Typography>
          <FormHelperText sx={{ '&&': { mt: 0 } }}>{draft.servers.length === 0 ? 'None is chosen: the rule holds for every server and for the console itself.' : 'The rule holds for the chosen ones only.'}</FormHelperText>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, maxHeight: 160, overflow: 'auto' }}>
            {known.map((name) => <FormControlLabel key={name} label={servers.includes(name) ? name : `${name} (is gone)`} control={<Checkbox checked={draft.servers.includes(name)} onChange={() => change({ servers: toggled(draft.servers, name) })} />} />)}
          </Box>
        </Box>
        <ListLines label="Mail goes to" name="ruleTo" rows={2} mono values={draft.to} onChange={(to) => change({ to })} error={errorAt(shown, 'to')} helper="One address a line. Who is named in several rules gets one mail." />
        <Tick label="The rule is on" value={draft.enabled} onChange={(enabled) => change({ enabled })} />
      </Box>
    </DialogFrame>
  )
}

const toggled = <Value,>(values: readonly Value[], value: Value): Value[] => (values.includes(value) ? values.filter((one) => one !== value) : [...values, value])

const faults = (rule: Rule, others: readonly Rule[]): Record<string, string> => {
  const parsed = settingsSchema.shape.alerts.safeParse({ rules: [...others, rule] })
  return parsed.success ? {} : errorsBelow(errorsOf(parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))), `rules.${others.length}`)
}
