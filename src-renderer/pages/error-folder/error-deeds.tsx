import { Box } from '@mui/material'
import { useRef, useState } from 'react'
import type { ErrorRow } from '#contract/error-record.ts'
import { useAsk } from '../../components/ask.tsx'
import { saveBlob } from '../../components/save-file.ts'
import { plural, sizeText } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { downloadFile } from '../../main-process/download-file.ts'
import { useWork } from '../../main-process/use-work.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { allThatFit, type Filtering } from './use-error-filter.ts'

export type Progress = { what: string; done: number; total: number | null }
export type Deeds = {
  /** What runs now; null: nothing. */
  progress: Progress | null
  cancel: () => void
  requeue: () => void
  replay: () => void
  download: (redact: boolean) => void
  remove: (rows?: readonly ErrorRow[]) => void
}

/** What can be done with the chosen messages, or with all that fit the filter where none is chosen. */
export const useErrorDeeds = (chosen: readonly ErrorRow[], filtering: Filtering, done: (gone: readonly number[]) => void): Deeds => {
  const work = useWork()
  const replaying = useReplaying(done)
  const [bytes, setBytes] = useState(0)
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const { filter, isNarrow } = filtering
  const wanted = async (): Promise<readonly ErrorRow[]> => (chosen.length > 0 ? chosen : allThatFit(filter))
  /** null: everything of the server, also what the list does not know. */
  const idsOf = (rows: readonly ErrorRow[]): number[] | null => (chosen.length > 0 || isNarrow ? rows.map(({ id }) => id) : null)

  const requeue = (): void => void act(async () => {
    const rows = await wanted()
    const total = { moved: 0, missing: 0 }
    for (const server of new Set(rows.map((row) => row.server))) {
      const moved = await work.run((workId) => callMain('errors.requeue', { server, ids: idsOf(rows.filter((row) => row.server === server)), workId }))
      total.moved += moved.moved
      total.missing += moved.missing
    }
    say(`${plural(total.moved, 'message')} moved back to the inbox; the next round takes ${total.moved === 1 ? 'it' : 'them'} again.${total.missing > 0 ? ` ${plural(total.missing, 'message')} could not be found on the server any more: a copy can be replayed.` : ''}`, total.missing > 0 ? 'warning' : 'good')
    done([])
  })
  const download = (redact: boolean): void => void act(async () => {
    const ids = chosen.length > 0 || isNarrow ? (await wanted()).map(({ id }) => id) : null
    const bundle = await work.run(async (workId) => {
      const begun = await callMain('errors.export', { server: filter.server, ids, redact, workId })
      return { ...begun, file: await downloadFile(begun, setBytes) }
    }).finally(() => setBytes(0))
    saveBlob(bundle.fileName, bundle.file)
    say(`${bundle.fileName} (${sizeText(bundle.file.size)}) holds ${plural(bundle.mails, 'message')} ${redact ? 'without personal data' : 'with personal data: pass it on with care'}.`)
  })
  const remove = (rows: readonly ErrorRow[] = chosen): void => void act(async () => {
    const goAhead = await ask({ title: `Delete ${plural(rows.length, 'record')}`, confirm: 'Delete', dangerous: true, body: <WhatGoes rows={rows} /> })
    if (!goAhead) return
    say(`${plural((await callMain('errors.delete', { ids: rows.map(({ id }) => id) })).deleted, 'record')} deleted.`)
    done(rows.map(({ id }) => id))
  })
  const running = work.running ? { what: `${words[work.progress?.what ?? ''] ?? 'Working'}${bytes > 0 ? `, ${sizeText(bytes)}` : ''}`, done: work.progress?.done ?? 0, total: work.progress?.total ?? null } : null
  return { progress: running ?? replaying.progress, cancel: work.running ? work.cancel : replaying.cancel, requeue, replay: () => void act(async () => replaying.run(await wanted())), download, remove }
}

const words: Record<string, string> = { mails: 'Packing the bundle', messages: 'Moving to the inbox' }

const WhatGoes = ({ rows }: { rows: readonly ErrorRow[] }) => (
  <>
    What goes: the error record and the stored copy of
    <Box component="ul" sx={{ my: 0.5, pl: 2.5 }}>{rows.slice(0, 5).map((row) => <li key={row.id}>{row.subject || '(no subject)'}</li>)}{rows.length > 5 && <li>and {rows.length - 5} more</li>}</Box>
    Mail that is in the error folder on the server stays there.
  </>
)

/** Replays one after the other, as they are; each counts by itself, so that it can be stopped in between. */
const useReplaying = (done: (gone: readonly number[]) => void) => {
  const [progress, setProgress] = useState<Progress | null>(null)
  const stopped = useRef(false)
  const { say } = useToasts()
  const run = async (rows: readonly ErrorRow[]): Promise<void> => {
    const open = rows.filter(({ where }) => where !== 'replayed')
    const ended = { taken: [] as number[], made: 0, failed: [] as string[] }
    stopped.current = false
    try {
      for (const [index, row] of open.entries()) {
        if (stopped.current) break
        setProgress({ what: 'Replaying', done: index, total: open.length })
        const { outcome, reason, request } = await callMain('errors.replay', { id: row.id, base64: null, tryOnly: false })
        if (outcome === 'error') ended.failed.push(reason ?? '')
        else ended.made++
        if (request !== null) ended.taken.push(request)
      }
    } finally {
      setProgress(null)
      done([])
    }
    say(replayWords(ended, rows.length - open.length), ended.failed.length > 0 ? 'warning' : 'good')
  }
  return { progress, run, cancel: () => void (stopped.current = true) }
}

function replayWords({ taken, made, failed }: { taken: number[]; made: number; failed: string[] }, before: number): string {
  const [only] = taken
  const good = made === 0 ? '' : made === 1 && only !== undefined ? `Replayed: it belongs to request ${only}. ` : `${plural(made, 'message')} replayed. `
  const bad = failed.length === 0 ? '' : `${failed.length === 1 ? 'It failed again' : `${plural(failed.length, 'message')} failed again`}: ${failed[0]} Nothing was changed.`
  return `${good}${bad}${before > 0 ? ` ${plural(before, 'message')} had been replayed already.` : ''}`.trim() || 'Nothing was replayed.'
}
