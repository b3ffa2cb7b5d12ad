import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { ImportAnswer } from '#contract/calls.ts'
import { useAsk } from '../../components/ask.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useAct } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { Warnings } from './file-issues.tsx'

export type Taken = { what: 'imported' | 'undone'; answer: ImportAnswer }

/** What an import did, and the way back. */
export const Imported = ({ taken, onDone }: { taken: Taken; onDone: () => void }) => {
  const [{ what, answer }, setTaken] = useState(taken)
  const [busy, setBusy] = useState(false)
  const rollBack = useRollback()
  const undo = (): void => {
    setBusy(true)
    void rollBack(answer.earlier, what === 'imported' ? 'Undo the import' : 'Import again').then((back) => {
      setBusy(false)
      if (back !== null) setTaken({ what: what === 'imported' ? 'undone' : 'imported', answer: back })
    })
  }
  return (
    <Box role="status" sx={{ display: 'grid', gap: 1 }}>
      <StatusMark tone="good">{what === 'imported' ? 'Imported' : 'The import is undone'}: {answer.added.length} added, {answer.changed.length} changed, {answer.removed.length} deleted, {answer.unchanged.length} unchanged.</StatusMark>
      <Warnings warnings={answer.warnings} />
      <Box sx={{ display: 'flex', gap: 1 }}><Button onClick={onDone}>Done</Button><Button disabled={busy} onClick={undo}>{what === 'imported' ? 'Undo import' : 'Redo import'}</Button></Box>
    </Box>
  )
}

/** Asks, goes back to an earlier configuration, and answers what that did; null where it was turned down or failed. */
export const useRollback = (): ((id: number, title: string) => Promise<ImportAnswer | null>) => {
  const ask = useAsk()
  const act = useAct()
  const reasonRequired = useReasonRequired()
  return async (id, title) => {
    const goAhead = await ask({
      title, confirm: 'Go back', dangerous: true, reason: reasonRequired ? 'required' : 'optional',
      body: 'Servers, partitions and settings become what they were; what was added since is deleted. Secrets stay. A server that comes back is stopped.'
    })
    if (goAhead === null) return null
    let answer: ImportAnswer | null = null
    await act(async () => { answer = await callMain('configuration.rollback', { id, reason: goAhead.reason }) })
    return answer
  }
}
