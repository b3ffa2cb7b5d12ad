import type { CleanUp, StorageUsage } from '#contract/storage.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { print } from '../print.ts'
import { sizeText } from '../size-text.ts'
import { tableOf, when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

/** `mailroom storage …`: the space that mail takes, and what is past its retention period. */
export const storage: readonly Command[] = [
  { name: 'storage show', arguments: '', takes: [0, 0], flags: {}, summary: 'Shows what takes how much space, and what the next clean-up removes.', example: 'mailroom storage show', run: show },
  {
    name: 'storage clean-up', arguments: '', takes: [0, 0], summary: 'Removes what is past its retention period, and gives the room back.', example: 'mailroom storage clean-up --try', run: cleanUp,
    flags: { try: { help: 'only counts what would go' } }
  }
]

async function show(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const usage = await tools.withConsole((core) => core.call('storage.usage', {}))
  await print(asked, tools, usage, (shown) => usageText(shown, tools.terminal.shows ? tools.terminal.width : 10_000))
  return 0
}

async function cleanUp(asked: Asked, tools: Tools): Promise<ExitStatus> {
  if (asked.has('try')) {
    const { removable } = await tools.withConsole((core) => core.call('storage.usage', {}))
    await print(asked, tools, { removable }, () => `${removableText(removable)}\n`)
    return 0
  }
  const answer = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('storage.clean-up', { workId })))
  await print(asked, tools, answer, (done) => `${cleanedText(done)}\n`)
  return 0
}

const partWords: Record<StorageUsage['parts'][number]['part'], string> = { messages: 'stored messages', database: 'database', 'error-records': 'error records', logs: 'logs', window: 'window', other: 'other' }

function usageText({ folder, freeOnDisk, parts, partitions, removable, lastCleanUp }: StorageUsage, width: number): string {
  const byPart = tableOf(['part', 'space', 'files'], parts.map(({ part, bytes, files }) => [partWords[part], sizeText(bytes), String(files)]), width)
  const byPartition = tableOf(['stored messages of', 'space', 'messages', 'oldest'], partitions.map((row) => [ownerOf(row), sizeText(row.bytes), row.what === 'unused' ? '' : String(row.messages), row.oldest === null ? '' : when(row.oldest)]), width)
  const last = lastCleanUp === null ? 'Nothing was cleaned up yet.' : `Last clean-up ${when(lastCleanUp.at)}: ${cleanedText(lastCleanUp.answer)}`
  return `${plain(folder)}, ${sizeText(freeOnDisk)} free on the disk\n\n${byPart}\n${byPartition}\n${removableText(removable)}\n${last}\n`
}

const ownerOf = ({ partition, what }: StorageUsage['partitions'][number]): string => (what === 'requests' ? (partition ?? 'no partition') : what === 'error-folder' ? 'the error folder' : 'nobody (goes at the next clean-up)')
const removableText = ({ originals, texts, errorRecords }: StorageUsage['removable']): string =>
  originals + texts + errorRecords === 0 ? 'Nothing is past its retention period.' : `Past their retention period: attachments and originals of ${originals} messages, texts of ${texts}, ${errorRecords} error records.`
const cleanedText = ({ originals, texts, errorRecords, logLines, freedBytes, pendingBytes }: CleanUp): string =>
  `attachments and originals of ${originals} messages, texts of ${texts}, ${errorRecords} error records and ${logLines} log lines removed; ${sizeText(freedBytes)} freed${pendingBytes === 0 ? '' : `, ${sizeText(pendingBytes)} more within 15 minutes`}.`
