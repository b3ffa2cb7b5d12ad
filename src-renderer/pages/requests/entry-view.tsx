import AttachFile from '@mui/icons-material/AttachFile'
import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Address } from '#contract/message.ts'
import type { ConversationEntry } from '#contract/request.ts'
import { dayText } from '../../components/days.tsx'
import { Details } from '../../components/details.tsx'
import { MailFrame } from '../../components/mail-frame.tsx'
import { saveFile } from '../../components/save-file.ts'
import { plural, sizeText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { StepList } from '../../components/step-list.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useAct } from '../../problems/toasts.tsx'
import { EntryMarks } from './marks.tsx'

const addressText = ({ name, address }: Address): string => (name ? `${name} <${address}>` : address)

const kinds: Record<ConversationEntry['kind'], string> = { request: 'Message', reply: 'Reply', command: 'E-mail command', bounce: 'Delivery report' }

/** One message of a conversation: its HTML behind glass, attachments, and why it came here. */
export const EntryView = ({ entry: first }: { entry: ConversationEntry }) => {
  const [remote, setRemote] = useState<ConversationEntry | null>(null)
  const [plain, setPlain] = useState(false)
  const act = useAct()
  const entry = remote ?? first
  const letThrough = (): void => void act(async () => setRemote(await callMain('requests.entry', { id: first.id, remoteContent: true })))
  const asHtml = entry.html !== null && !plain
  return (
    <Box component="article" aria-label={`${kinds[entry.kind]} from ${entry.from ? addressText(entry.from) : 'unknown'}`} sx={{ px: 2, py: 1.5, borderBottom: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'baseline' }}>
        <Box sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{entry.from ? addressText(entry.from) : 'Unknown sender'}</Box>
        <Box sx={{ color: 'text.secondary', ml: 'auto' }}><LocalTime at={entry.date ?? entry.receivedAt} /></Box>
      </Box>
      <Box sx={{ color: 'text.secondary', mb: 1, overflowWrap: 'anywhere' }}>to {entry.to.map(addressText).join(', ') || 'nobody named'}{entry.cc.length > 0 ? `, copy to ${entry.cc.map(addressText).join(', ')}` : ''}</Box>
      <EntryMarks entry={entry} />
      {asHtml && entry.remoteContentBlocked && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 1, flexWrap: 'wrap', '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">Remote content was not loaded, so that the sender does not learn that it was read.</StatusMark><Button onClick={letThrough}>Show remote content</Button></Box>
      )}
      {asHtml ? <MailFrame html={entry.html ?? ''} title={`Message ${entry.subject}`} address={remote === null ? null : `/mail/${entry.id}`} /> : <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 520, overflow: 'auto' }} tabIndex={0} role="region" aria-label="Message text">{entry.text || '(no text)'}</Box>}
      {entry.removed && <Box sx={{ color: 'text.secondary', mt: 1 }}>{entry.removed.what === 'text' ? 'Text and attachments were' : 'The original message and its attachments were'} removed on {dayText(entry.removed.at)}: the retention period was over.</Box>}
      {entry.attachments.length > 0 && <Attachments entry={entry} />}
      <Box sx={{ display: 'flex', gap: 1, mt: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        {entry.html !== null && <Button variant="text" onClick={() => setPlain(!plain)}>{plain ? 'Show HTML' : 'Show as text'}</Button>}
        {entry.originalKept && <Button variant="text" onClick={() => void act(async () => saveFile(await callMain('requests.original', { entry: entry.id })))}>Original message</Button>}
      </Box>
      <Details label="Why it is here" hint={plural(entry.steps.length, 'step')}><StepList steps={entry.steps} /></Details>
    </Box>
  )
}

const Attachments = ({ entry }: { entry: ConversationEntry }) => (
  <Box component="ul" aria-label="Attachments" sx={{ listStyle: 'none', p: 0, m: 0, mt: 1, display: 'grid', gap: 0.5 }}>
    {entry.attachments.map((file) => (
      <Box component="li" key={file.index} sx={{ minWidth: 0 }}>
        {entry.removed ? <RemovedFile file={file} at={entry.removed.at} /> : file.stripped ? (
          <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">{file.name || 'Attachment'} was taken off: {file.stripped.reason}</StatusMark><Box sx={{ color: 'text.secondary', pl: 2.75 }}>{file.stripped.remedy}</Box></Box>
        ) : <AttachedFile entry={entry.id} file={file} />}
      </Box>
    ))}
    {entry.attachments.some(({ stripped }) => stripped) && <SenderTold entry={entry} />}
  </Box>
)

/** What its sender was told of files that were taken off, or why nothing. */
const SenderTold = ({ entry }: { entry: ConversationEntry }) => {
  const answers = entry.steps.find(({ step }) => step === 'answers')
  return answers ? <Box component="li" sx={{ color: 'text.secondary', pl: 2.75, overflowWrap: 'anywhere' }}>Told to the sender: {answers.detail}</Box> : null
}

/** A file that is named still, and gone. */
const RemovedFile = ({ file, at }: { file: ConversationEntry['attachments'][number]; at: string }) => (
  <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">{file.name || 'Attachment'}, {sizeText(file.size)}, removed on {dayText(at)}</StatusMark></Box>
)

const showable = /^image\/(?:png|jpeg|gif|webp)$/
const largestShown = 10_000_000

/** Downloads, and shows a picture in place: screenshots are looked at more often than they are kept. */
const AttachedFile = ({ entry, file }: { entry: number; file: ConversationEntry['attachments'][number] }) => {
  const [picture, setPicture] = useState<string | null>(null)
  const act = useAct()
  const read = () => callMain('requests.attachment', { entry, index: file.index })
  const show = (): void => void act(async () => setPicture(`data:${file.contentType};base64,${(await read()).base64}`))
  return (
    <>
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button startIcon={<AttachFile />} onClick={() => void act(async () => saveFile(await read()))} sx={{ minWidth: 0 }} aria-label={`Download ${file.name}, ${sizeText(file.size)}`}>
          <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{file.name || 'attachment'}</Box>
          <Box component="span" sx={{ color: 'text.secondary', ml: 1, fontWeight: 400 }}>{sizeText(file.size)}</Box>
        </Button>
        {showable.test(file.contentType) && file.size <= largestShown && <Button variant="text" aria-expanded={picture !== null} aria-label={`${picture === null ? 'Show' : 'Hide'} ${file.name}`} onClick={() => (picture === null ? show() : setPicture(null))}>{picture === null ? 'Show' : 'Hide'}</Button>}
      </Box>
      {picture !== null && <Box component="img" src={picture} alt={file.name} sx={{ display: 'block', mt: 0.5, maxWidth: '100%', maxHeight: 480, border: 1, borderColor: 'divider', borderRadius: 1 }} />}
    </>
  )
}
