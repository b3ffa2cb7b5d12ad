import { Box, Button } from '@mui/material'
import { builtInAcknowledgement } from '#contract/mail-template.ts'
import type { Settings } from '#contract/settings.ts'
import { useAsk } from '../../components/ask.tsx'
import { NumberLine, Tick } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart, type SettingsPart } from '../../settings/use-settings-part.ts'
import { newRule } from './event-words.ts'
import type { OpenedMail } from './mail-dialog.tsx'

type Answers = Settings['processing']['answers']
/** The template is not of this form: it is saved by the dialog in which it is written. */
type Part = Pick<Answers, 'acknowledge' | 'mostPerHour'>
const part: SettingsPart<Part> = {
  id: 'mail-templates',
  take: ({ processing: { answers: { acknowledge, mostPerHour } } }) => ({ acknowledge, mostPerHour }),
  put: (settings, typed) => ({ ...settings, processing: { ...settings.processing, answers: { ...settings.processing.answers, ...typed } } })
}

/** Whether new requests are acknowledged, how often answers go to one address, and the words of the acknowledgement. */
export const AcknowledgementPart = ({ onOpen }: { onOpen: (opened: OpenedMail) => void }) => {
  const form = useSettingsPart(part)
  const disabled = !useIsAdministrator()
  const template = form.settings?.processing.answers.template ?? null
  return (
    <SettingsForm form={form}>
      {form.draft && (
        <SettingsGroup title="Acknowledgement">
          {form.settings?.processing.answers.acknowledge === false && !form.draft.acknowledge && <Off />}
          <Tick label="Acknowledge new requests" value={form.draft.acknowledge} disabled={disabled} onChange={(acknowledge) => form.change({ acknowledge })} helper="Who writes a new mail gets an answer with the number of the request." />
          <Words template={template} onEdit={() => onOpen({ kind: 'acknowledgement', rule: { ...newRule, template: template ?? builtInAcknowledgement } })} />
          <NumberLine label="Most answers to one address within an hour" name="mostPerHour" width={420} value={form.draft.mostPerHour} disabled={disabled} onChange={(mostPerHour) => form.change({ mostPerHour })} error={errorAt(form.errors, 'processing.answers.mostPerHour')} helper="The loop breaker, also of the mail below: two desks that answer each other fall silent here. All addresses of one domain together, but for our own, get at most 50 times as many. The bell says so, and mail still comes in." />
          <Box sx={{ color: 'text.secondary' }}>
            No answer ever goes to automatic mail (RFC 3834): out-of-office answers, delivery reports, newsletters, mailing lists; nor to our own mailboxes, to addresses like <Mono>no-reply@</Mono>, or to an address that mail came back from.
          </Box>
        </SettingsGroup>
      )}
    </SettingsForm>
  )
}

/** That nothing is acknowledged, as in a new console, with the way to change it. */
const Off = () => {
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const changeSettings = useChangeSettings()
  const turnOn = (): void => void act(async () => { if (await changeSettings((fresh) => ({ ...fresh, processing: { ...fresh.processing, answers: { ...fresh.processing.answers, acknowledge: true } } }))) say('New requests are acknowledged from now on.') })
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', columnGap: 1.5, rowGap: 0.5, flexWrap: 'wrap', '& span': { whiteSpace: 'normal' } }}>
      <StatusMark tone="neutral">Acknowledgements are off: who writes does not learn that the mail has arrived.</StatusMark>
      {administrator && <Button onClick={turnOn}>Turn on acknowledgements</Button>}
    </Box>
  )
}

const Words = ({ template, onEdit }: { template: Answers['template']; onEdit: () => void }) => {
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const changeSettings = useChangeSettings()
  const back = async (): Promise<void> => {
    if (!(await ask({ title: 'Back to the built-in text', body: 'Your text of the acknowledgement is given up.', confirm: 'Use the built-in text', dangerous: true }))) return
    await act(async () => { if (await changeSettings((fresh) => ({ ...fresh, processing: { ...fresh.processing, answers: { ...fresh.processing.answers, template: null } } }))) say('The built-in text is used.') })
  }
  return (
    <Box role="group" aria-label="Text of the acknowledgement" sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', ml: 3.25 }}>
      <Box sx={{ flex: '1 1 260px', overflowWrap: 'anywhere' }}>{template === null ? 'The built-in text: ' : 'Your own text: '}<Box component="span" sx={{ fontWeight: 500 }}>{(template ?? builtInAcknowledgement).subject}</Box></Box>
      <Button onClick={onEdit}>{template === null ? (administrator ? 'Write your own…' : 'Look at it…') : administrator ? 'Edit the text…' : 'Look at it…'}</Button>
      {template !== null && administrator && <Button onClick={() => void back()}>Back to the built-in text</Button>}
    </Box>
  )
}
