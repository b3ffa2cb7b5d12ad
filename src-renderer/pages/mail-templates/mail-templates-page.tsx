import { Box, Button } from '@mui/material'
import { lazy, Suspense, useState } from 'react'
import { PageFrame } from '../../components/page-frame.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'
import { AcknowledgementPart } from './acknowledgement-part.tsx'
import type { OpenedMail } from './mail-dialog.tsx'
import { RulesPart } from './rules-part.tsx'

// The editor is larger than the rest of the page; it is fetched when a mail is opened.
const MailDialog = lazy(() => import('./mail-dialog.tsx'))

/** Mail that goes out about requests by itself: the acknowledgement, and what is told when a request changes. */
export const MailTemplatesPage = () => {
  const { value: settings, problem, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  const [opened, setOpened] = useState<OpenedMail | null>(null)
  const [selected, setSelected] = useState<string | null>(null)
  const { say } = useToasts()
  const saved = (name: string): void => {
    if (opened?.kind === 'rule') setSelected(name)
    setOpened(null)
    say(opened?.kind === 'rule' ? `${name} was saved.` : 'The text of the acknowledgement was saved.')
    reload()
  }
  return (
    <PageFrame title="Answers and notifications" intro="Mail about requests that goes out by itself: to who wrote, to technicians, to others. What of the console’s own troubles is mailed stands under Alerts, fetching, sending.">
      <AcknowledgementPart onOpen={setOpened} />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {settings && <Box sx={{ maxWidth: 1100 }}><RulesPart settings={settings} selected={selected} onSelect={setSelected} onOpen={setOpened} /></Box>}
      {opened && settings && <Suspense fallback={null}><MailDialog opened={opened} settings={settings} onClose={() => setOpened(null)} onSaved={saved} /></Suspense>}
    </PageFrame>
  )
}
