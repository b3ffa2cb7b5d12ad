import { Box } from '@mui/material'
import type { ErrorRow } from '#contract/error-record.ts'
import { useAsk } from '../../components/ask.tsx'
import { saveFile } from '../../components/save-file.ts'
import { plural } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useWork, type Work } from '../../main-process/use-work.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'

type Deeds = { work: Work; requeue: () => void; download: (redact: boolean) => void; remove: () => void; removeOne: (row: ErrorRow) => void }

/** What can be done with the given messages: all of the server when none were chosen. */
export const useErrorDeeds = (rows: readonly ErrorRow[], chosen: boolean, server: string | null, done: (deleted: readonly number[]) => void): Deeds => {
  const work = useWork()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const requeue = (): void => void act(async () => {
    const total = { moved: 0, missing: 0 }
    for (const name of new Set(rows.map((row) => row.server))) {
      const ids = chosen ? rows.filter((row) => row.server === name).map((row) => row.id) : null
      const moved = await work.run((workId) => callMain('errors.requeue', { server: name, ids, workId }))
      total.moved += moved.moved
      total.missing += moved.missing
    }
    say(`${plural(total.moved, 'message')} moved back to the inbox; the next round takes ${total.moved === 1 ? 'it' : 'them'} again.${total.missing > 0 ? ` ${plural(total.missing, 'message')} could not be found on the server any more.` : ''}`)
    done([])
  })
  const download = (redact: boolean): void => void act(async () => {
    const bundle = await work.run((workId) => callMain('errors.export', { server, ids: chosen ? rows.map((row) => row.id) : null, redact, workId }))
    saveFile(bundle)
    say(`${bundle.fileName} holds ${plural(bundle.mails, 'message')} ${redact ? 'without personal data' : 'with personal data: pass it on with care'}.`)
  })
  const removeThese = async (these: readonly ErrorRow[]): Promise<void> => {
    const goAhead = await ask({
      title: `Delete ${plural(these.length, 'record')}`, confirm: 'Delete', dangerous: true,
      body: (
        <>
          What goes: the error record and the stored copy of
          <Box component="ul" sx={{ my: 0.5, pl: 2.5 }}>{these.slice(0, 5).map((row) => <li key={row.id}>{row.subject || '(no subject)'}</li>)}{these.length > 5 && <li>and {these.length - 5} more</li>}</Box>
          Mail that is in the error folder on the server stays there.
        </>
      )
    })
    if (!goAhead) return
    await act(async () => { say(`${plural((await callMain('errors.delete', { ids: these.map((row) => row.id) })).deleted, 'record')} deleted.`); done(these.map((row) => row.id)) })
  }
  return { work, requeue, download, remove: () => void removeThese(rows), removeOne: (row) => void removeThese([row]) }
}
