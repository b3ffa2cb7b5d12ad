import { Box, Button } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { useAsk } from '../../components/ask.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { DaysLine, RetentionFields } from '../../settings/retention-fields.tsx'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart, type SettingsPart } from '../../settings/use-settings-part.ts'
import { CleanUpPart } from './clean-up-part.tsx'
import { PartitionPeriods } from './partition-periods.tsx'
import { cleanedWords, removableWords } from './storage-words.ts'
import { UsagePart } from './usage-part.tsx'

type Part = { retention: Settings['retention'] }
const part: SettingsPart<Part> = { id: 'storage', eager: true, take: ({ retention }) => ({ retention }), put: (settings, typed) => ({ ...settings, ...typed }) }

/** What takes how much of the disk, for how long what is kept, and the clean-up. */
export const StoragePage = () => {
  const { value: usage, problem, reload } = useCall('storage.usage', {}, { refreshOn: ['storage-changed', 'settings-changed'] })
  const form = useSettingsPart(part)
  const administrator = useIsAdministrator()
  const work = useWork()
  const act = useAct()
  const ask = useAsk()
  const { say } = useToasts()
  const cleanUp = (): void => void act(async () => {
    const fresh = await callMain('storage.usage', {})
    const goAhead = await ask({ title: 'Clean up now', body: `${removableWords(fresh.removable)} What was deleted before is taken off the disk. This cannot be undone; mail on the mail servers stays.`, confirm: 'Clean up', dangerous: true })
    if (!goAhead) return
    const answer = await work.run((workId) => callMain('storage.clean-up', { workId }))
    say(cleanedWords(answer))
    reload()
  })
  const retention = form.draft?.retention ?? null
  return (
    <PageFrame title="Storage" intro="What takes space on this disk, and for how long it is kept.">
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {work.running && <Panel><ProgressStrip what={work.progress?.what ?? 'Cleaning up'} done={work.progress?.done ?? 0} total={work.progress?.total ?? null} onCancel={work.cancel} /></Panel>}
      <SettingsForm form={form} aside={<>{usage && <CleanUpPart usage={usage} disabled={!administrator || work.running} onCleanUp={cleanUp} />}{usage && <UsagePart usage={usage} />}</>}>
        {retention && (
          <>
            <SettingsGroup title="Kept for">
              <RetentionFields periods={retention} disabled={!administrator} errorAt={(key) => errorAt(form.errors, `retention.${key}`)} onChange={(periods) => form.change({ retention: { ...retention, ...periods } })} />
              <Box sx={{ maxWidth: 240 }}><DaysLine label="Lines of the log" name="logs" value={retention.logs} disabled={!administrator} onChange={(logs) => form.change({ retention: { ...retention, logs } })} error={errorAt(form.errors, 'retention.logs')} helper="Of the whole console." /></Box>
            </SettingsGroup>
            <PartitionPeriods />
          </>
        )}
      </SettingsForm>
    </PageFrame>
  )
}
