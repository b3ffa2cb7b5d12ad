import { Box } from '@mui/material'
import { useState } from 'react'
import type { OutboxRow } from '#contract/outbox.ts'
import { useAsk } from '../../components/ask.tsx'
import { plural } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { allThatFit, type OutboxFilter } from './use-outbox-filter.ts'

export type OutboxDeeds = { busy: boolean; cancel: (rows?: readonly OutboxRow[]) => void; sendAgain: () => void; arrived: () => void }

/** What can be done with the chosen mail, or with all that fits the filter where none is chosen. */
export const useOutboxDeeds = (chosen: readonly OutboxRow[], filter: OutboxFilter, done: (gone: readonly number[]) => void): OutboxDeeds => {
  const [busy, setBusy] = useState(false)
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const doing = (work: () => Promise<void>): void => void act(async () => {
    setBusy(true)
    await work().finally(() => setBusy(false))
  })
  const wanted = async (): Promise<readonly OutboxRow[]> => (chosen.length > 0 ? chosen : allThatFit(filter))

  const cancel = (given?: readonly OutboxRow[]): void => doing(async () => {
    const rows = given ?? (await wanted())
    const open = rows.filter(isOnItsWay)
    const words = open.length === rows.length ? { title: `Cancel ${plural(rows.length, 'mail')}`, confirm: 'Cancel the mail', body: 'It will never be sent:' } : { title: `Take ${plural(rows.length, 'mail')} off the list`, confirm: 'Take off', body: open.length === 0 ? 'What goes is the record of it:' : `${plural(open.length, 'mail')} of it will never be sent; of the rest the record goes:` }
    if (!(await ask({ ...words, cancel: 'Keep it', dangerous: true, body: <>{words.body}<Some rows={rows} /></> }))) return
    const ids = rows.map(({ id }) => id)
    const { cancelled, tooLate } = await callMain('outbox.cancel', { ids })
    say(`${plural(cancelled, 'mail')} ${open.length === rows.length ? 'cancelled' : 'taken off'}.${tooLate > 0 ? ` ${plural(tooLate, 'mail')} ${tooLate === 1 ? 'was' : 'were'} under way already.` : ''}`, tooLate > 0 ? 'warning' : 'good')
    done(ids)
  })

  const sendAgain = (): void => doing(async () => {
    const rows = (await wanted()).filter(canBeSent)
    const doubtful = rows.filter(({ state }) => state === 'uncertain')
    if (doubtful.length > 0 && !(await ask({ title: `Send ${plural(rows.length, 'mail')} again`, confirm: 'Send again', dangerous: true, body: <>Of {plural(doubtful.length, 'mail')} nobody can say whether it arrived. Sent again, it may arrive twice:<Some rows={doubtful} /></> }))) return
    const { waiting } = await callMain('outbox.send-again', { ids: rows.map(({ id }) => id) })
    say(`${plural(waiting, 'mail')} ${waiting === 1 ? 'is' : 'are'} tried now.`)
    done([])
  })

  const arrived = (): void => doing(async () => {
    const rows = (await wanted()).filter(({ state }) => state === 'uncertain')
    if (rows.length > 1 && !(await ask({ title: `${plural(rows.length, 'mail')} arrived`, confirm: 'They arrived', body: <>They count as sent from then on, and are not sent again:<Some rows={rows} /></> }))) return
    const { settled } = await callMain('outbox.arrived', { ids: rows.map(({ id }) => id) })
    say(`${plural(settled, 'mail')} ${settled === 1 ? 'counts' : 'count'} as sent.`)
    done([])
  })
  return { busy, cancel, sendAgain, arrived }
}

/** Mail that may still go by itself. */
export const isOnItsWay = ({ state }: Pick<OutboxRow, 'state'>): boolean => state === 'waiting' || state === 'held'
export const canBeSent = ({ state }: Pick<OutboxRow, 'state'>): boolean => state !== 'sent' && state !== 'sending'

const Some = ({ rows }: { rows: readonly OutboxRow[] }) => (
  <Box component="ul" sx={{ my: 0.5, pl: 2.5, overflowWrap: 'anywhere' }}>{rows.slice(0, 5).map((row) => <li key={row.id}>{row.to}: {row.subject || '(no subject)'}</li>)}{rows.length > 5 && <li>and {rows.length - 5} more</li>}</Box>
)
