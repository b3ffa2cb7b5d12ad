import { Box, Link, Typography } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { ChipLine } from '../../components/chip-line.tsx'
import { Choice, NumberLine, Tick } from '../../components/fields.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { sizeText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { errorAt, errorsBelow } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart, type PartForm, type SettingsPart } from '../../settings/use-settings-part.ts'

type Part = Pick<Settings['processing'], 'attachments' | 'senderLimit'>
const part: SettingsPart<Part> = {
  id: 'attachments',
  take: ({ processing: { attachments, senderLimit } }) => ({ attachments, senderLimit }),
  put: (settings, typed) => ({ ...settings, processing: { ...settings.processing, ...typed } })
}

/** What attachments have to be like, who is told, and how much one sender may send. */
export const AttachmentsPage = () => {
  const form = useSettingsPart(part)
  const disabled = !useIsAdministrator()
  return (
    <PageFrame title="Attachments and limits" intro="An attachment that fails a check is taken off, and the mail goes on without it. The original message is not changed.">
      <SettingsForm form={form} aside={<Checks attachments={form.draft?.attachments ?? null} />}>
        {form.draft && form.settings && (
          <>
            <AttachmentFields draft={form.draft} form={form} disabled={disabled} technicians={form.settings.alerts.applicationErrors} />
            <SenderFields draft={form.draft} form={form} disabled={disabled} />
          </>
        )}
      </SettingsForm>
    </PageFrame>
  )
}

type Needs = { draft: Part; form: PartForm<Part>; disabled: boolean }

const AttachmentFields = ({ draft: { attachments }, form, disabled, technicians }: Needs & { technicians: Settings['alerts']['applicationErrors'] }) => {
  const set = (typed: Partial<Part['attachments']>): void => form.change({ attachments: { ...attachments, ...typed } })
  const faults = errorsBelow(form.errors, 'processing.attachments.blockedExtensions')
  return (
    <SettingsGroup title="Attachments">
      <NumberLine label="Largest attachment" name="maxSize" width={200} suffix="MB" value={attachments.maxSize / 1_000_000} disabled={disabled} onChange={(size) => set({ maxSize: Math.round(size * 1_000_000) })} error={errorAt(form.errors, 'processing.attachments.maxSize')} helper="Of each single file." />
      <ChipLine
        label="Extensions that are taken off" name="blockedExtensions" mono values={attachments.blockedExtensions} disabled={disabled} onChange={(blockedExtensions) => set({ blockedExtensions })} normal={(typed) => typed.replace(/^\*?\./, '').toLowerCase()}
        error={faults['']} faults={Object.fromEntries(Object.entries(faults).filter(([place]) => place !== '').map(([place, words]) => [Number(place), words]))} placeholder="exe, bat, js" helper="With or without the dot; a pasted list is taken apart at its commas."
      />
      <Tick label="Tell by mail what was taken off" value={attachments.notify} disabled={disabled} onChange={(notify) => set({ notify })} helper="The sender learns which file, why, and what to do about it." />
      {attachments.notify && <Technicians {...technicians} />}
    </SettingsGroup>
  )
}

const Technicians = ({ enabled, to }: Settings['alerts']['applicationErrors']) => (
  <Box sx={{ ml: 3.25, mt: -0.5, '& span': { whiteSpace: 'normal' } }}>
    {enabled && to.length > 0 ? <Box sx={{ color: 'text.secondary' }}>Technicians are told as well: <Mono>{to.join(', ')}</Mono></Box> : <StatusMark tone="neutral">Technicians are not told: {enabled ? 'nobody is named' : 'mail about application errors is off'}.</StatusMark>}
    {' '}<Link underline="always" href={hashOf('settings')}>Change it under Alerts</Link>
  </Box>
)

const SenderFields = ({ draft: { senderLimit }, form, disabled }: Needs) => {
  const limited = senderLimit.mailsPerHour !== null
  return (
    <SettingsGroup title="Mail of one sender">
      <Tick label="Limit how much one sender can send" value={limited} disabled={disabled} onChange={(on) => form.change({ senderLimit: { ...senderLimit, mailsPerHour: on ? 100 : null } })} helper="Against a device or a script that has gone wrong." />
      {limited && (
        <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap' }}>
          <NumberLine label="Mails within an hour" name="mailsPerHour" width={200} value={senderLimit.mailsPerHour ?? 0} disabled={disabled} onChange={(mailsPerHour) => form.change({ senderLimit: { ...senderLimit, mailsPerHour } })} error={errorAt(form.errors, 'processing.senderLimit.mailsPerHour')} />
          <Choice label="What comes after that" width={300} value={senderLimit.then} disabled={disabled} onChange={(then) => form.change({ senderLimit: { ...senderLimit, then } })} options={[{ value: 'error-folder', label: 'goes to the error folder', hint: 'It can be taken in later.' }, { value: 'drop', label: 'is dropped', hint: 'It becomes no request.' }]} />
        </Box>
      )}
    </SettingsGroup>
  )
}

type Check = { title: string; reason: string; remedy: string }
const checks = ({ maxSize, blockedExtensions }: Part['attachments']): Check[] => [
  { title: 'File name', reason: 'The file has no name, or a name with characters that no file may have, with hidden characters, or one that Windows keeps for a device.', remedy: 'Rename the file: letters, digits, spaces, dots, hyphens, underscores.' },
  { title: 'Extension', reason: blockedExtensions.length === 0 ? 'The extension is in the list on this page. The list is empty: none is refused.' : `The extension is in the list on this page: ${blockedExtensions.slice(0, 12).join(', ')}${blockedExtensions.length > 12 ? ' …' : ''}.`, remedy: 'Send the content in another format, or take the extension off the list.' },
  { title: 'Empty file', reason: 'The file has no content.', remedy: 'Look at the file and send it again. If it has content, a virus scanner or firewall on the way may have emptied it.' },
  { title: 'Content type', reason: 'What is in the file is not what its extension or type says, such as a picture named report.txt.', remedy: 'Give the file the extension that fits its content.' },
  { title: 'Size', reason: Number.isFinite(maxSize) ? `The file is larger than ${sizeText(maxSize)}.` : 'The file is larger than the largest that is allowed.', remedy: 'Compress or split it, send a link, or allow larger files here.' }
]

const Checks = ({ attachments }: { attachments: Part['attachments'] | null }) => (
  <Panel title="The five checks, in their order">
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {attachments && checks(attachments).map(({ title, reason, remedy }, index) => (
        <Box component="li" key={title} sx={{ display: 'grid', gridTemplateColumns: '20px minmax(0, 1fr)', columnGap: 0.5, px: 1.5, py: 1, borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
          <Box sx={{ color: 'text.secondary' }}>{index + 1}</Box>
          <Box><Typography sx={{ fontWeight: 600 }}>{title}</Typography><Box>{reason}</Box><Box sx={{ color: 'text.secondary' }}>{remedy}</Box></Box>
        </Box>
      ))}
    </Box>
  </Panel>
)
