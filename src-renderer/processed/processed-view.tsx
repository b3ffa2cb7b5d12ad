import { Box, Typography } from '@mui/material'
import type { MessageContent, ProcessedMessage, WhatIsCreated } from '#contract/message.ts'
import { StatusMark } from '../components/status-mark.tsx'
import { StepList } from '../components/step-list.tsx'
import { addressText, changeTitle, fieldWords, messageRows, valueRows, verdicts, type NamedValue } from './processed-words.ts'

/** Where a message would end, what it would make, and each step on its way. */
export const ProcessedView = ({ answer, withMessage = true, children }: { answer: ProcessedMessage; withMessage?: boolean; children?: React.ReactNode }) => {
  const verdict = verdicts[answer.outcome]
  return (
    <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
      <Box role="status" sx={{ fontWeight: 600, fontSize: 14, '& span': { whiteSpace: 'normal' } }}>
        <StatusMark tone={verdict.tone}>{verdict.words}</StatusMark>
        {answer.reason && <Box sx={{ fontWeight: 400, fontSize: 13, color: 'text.secondary', mt: 0.25, pl: 2.75, overflowWrap: 'anywhere' }}>{answer.reason}</Box>}
      </Box>
      {children}
      <Box sx={{ containerType: 'inline-size' }}>
        <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', columnGap: 3, rowGap: 2, alignItems: 'start', ...(answer.creates ? { '@container (min-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' } } : {}) }}>
          {answer.creates && <Created creates={answer.creates} />}
          <Part title="Steps"><StepList steps={answer.steps} /></Part>
        </Box>
      </Box>
      {withMessage && answer.message && <Part title="What was read"><Read message={answer.message} /></Part>}
    </Box>
  )
}

const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Box component="section" aria-label={title} sx={{ minWidth: 0 }}><Typography variant="h3" component="h3" sx={{ mb: 0.75 }}>{title}</Typography>{children}</Box>
)

/** Names and values under each other, aligned. */
const Facts = ({ rows }: { rows: readonly NamedValue[] }) => (
  <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'minmax(92px, max-content) minmax(0, 1fr)', columnGap: 1.5, rowGap: 0.25, '& dt': { color: 'text.secondary', maxWidth: 200, overflowWrap: 'anywhere' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
    {rows.map(({ name, value }, index) => <Box key={index} sx={{ display: 'contents' }}><dt>{name}</dt><dd>{value}</dd></Box>)}
  </Box>
)

const Created = ({ creates: { request, reply, change, answers } }: { creates: WhatIsCreated }) => {
  const nothing = !request && !reply && !change && answers.length === 0
  return (
    <Part title="What would be created">
      <Box sx={{ display: 'grid', gap: 1 }}>
        {nothing && <Box sx={{ color: 'text.secondary' }}>Nothing.</Box>}
        {request && (
          <Card title="New request">
            <Facts rows={[{ name: 'Subject', value: request.subject || '(no subject)' }, { name: 'Status', value: fieldWords(request.status) }, { name: 'Requester', value: `${addressText(request.requester)}${request.newPerson ? ' · becomes known as a user' : ''}` }, ...valueRows(request.values)]} />
          </Card>
        )}
        {reply && <Card title={`Reply in request ${reply.request}`}><Box sx={{ color: 'text.secondary' }}>The message is added to its conversation.</Box></Card>}
        {change && <Card title={changeTitle(change)}>{change.fields.length === 0 ? <Box sx={{ color: 'text.secondary' }}>No field gets another value.</Box> : <Facts rows={change.fields.map(({ field, value }) => ({ name: fieldWords(field), value: value === '' ? 'taken away' : value }))} />}</Card>}
        {answers.length > 0 && <Card title={answers.length === 1 ? 'Mail that would go out' : `${answers.length} mails that would go out`}><Facts rows={answers.map(({ to, subject }) => ({ name: to, value: subject }))} /></Card>}
      </Box>
    </Part>
  )
}

const Card = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Box sx={{ border: 1, borderColor: 'divider', borderLeft: '3px solid', borderLeftColor: 'primary.main', borderRadius: 1, p: 1.25, minWidth: 0 }}><Box sx={{ fontWeight: 600, mb: 0.5, overflowWrap: 'anywhere' }}>{title}</Box>{children}</Box>
)

const Read = ({ message }: { message: MessageContent }) => (
  <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.25 }}>
    <Facts rows={messageRows(message)} />
    <Box sx={{ mt: 1, pt: 1, borderTop: 1, borderColor: 'divider', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 240, overflow: 'auto' }} tabIndex={0} role="region" aria-label="Text">{message.text || '(no text)'}</Box>
  </Box>
)
