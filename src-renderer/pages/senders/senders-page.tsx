import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { senderState, type SenderAddress } from '#contract/sender-address.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime, useNow } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { AddSenderDialog } from './add-sender-dialog.tsx'
import { CodeDialog } from './code-dialog.tsx'
import { RequireVerified } from './require-verified.tsx'

/** Addresses that mail goes out under, or notifications go to, and whether somebody has shown that they are read by us. */
export const SendersPage = () => {
  const { value: senders, problem, reload } = useCall('senders.list', {}, { refreshOn: ['senders-changed', 'servers-changed', 'settings-changed', 'outbox-changed'] })
  const reasonRequired = useReasonRequired()
  const administrator = useIsAdministrator()
  const [selected, setSelected] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const [entering, setEntering] = useState<string | null>(null)
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const chosen = senders?.find(({ address }) => address === selected) ?? null
  const entered = senders?.find(({ address }) => address === entering) ?? null
  const remove = async ({ address, usedBy }: SenderAddress): Promise<void> => {
    const body = usedBy.length === 0 ? 'The address goes from this list. It can be added and verified again.' : `${usedBy.join(', ')} ${usedBy.length === 1 ? 'uses' : 'use'} it. Where only verified senders may send, their mail is held in the outbox from now on.`
    const goAhead = await ask({ title: `Delete ${address}`, body, confirm: 'Delete the address', dangerous: true, reason: reasonRequired ? 'required' : 'optional' })
    if (goAhead && (await act(() => callMain('senders.delete', { address, reason: goAhead.reason })))) say(`${address} was deleted.`)
    reload()
  }
  const add = <Button variant="contained" color="primary" disabled={!administrator} onClick={() => setAdding(true)}>Add</Button>
  return (
    <PageFrame title="Verified senders" intro="Addresses that mail goes out under, and groups that notifications go to. A code that is sent there shows that somebody of yours reads it.">
      <LookOnly what="sender addresses" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        title="Addresses"
        footer={senders?.length === 0 ? undefined : (
          <>
            {add}
            <Button disabled={!chosen || !administrator} onClick={() => setEntering(selected)}>{chosen?.verifiedAt ? 'Verify again' : 'Enter the code'}</Button>
            <Button disabled={!chosen || !administrator} onClick={() => chosen && void remove(chosen)}>Delete</Button>
          </>
        )}
      >
        {senders?.length === 0 && <EmptyState title="No sender addresses yet" action={add}>Add the address that your outgoing servers send as. A code goes there; entering it here shows that it is yours.</EmptyState>}
        {senders !== null && senders.length > 0 && (
          <DataTable<SenderAddress> label="Sender addresses" columns={columns} rows={senders} keyOf={({ address }) => address} selected={selected} onSelect={({ address }) => setSelected(address)} minWidth={720}
            keys={administrator ? { open: ({ address }) => setEntering(address), remove: (sender) => void remove(sender) } : {}} />
        )}
      </Panel>
      {administrator && <RequireVerified />}
      {adding && <AddSenderDialog reasonRequired={reasonRequired} onClose={() => setAdding(false)} onAdded={(address) => { setAdding(false); setSelected(address); setEntering(address); reload() }} />}
      {entered && <CodeDialog sender={entered} reasonRequired={reasonRequired} onClose={() => { setEntering(null); reload() }} onChanged={reload} />}
    </PageFrame>
  )
}

const columns: Column<SenderAddress>[] = [
  { id: 'state', header: 'State', width: '170px', cell: (sender) => <SenderMark sender={sender} /> },
  { id: 'address', header: 'Address', width: 'minmax(190px, 1.4fr)', cell: ({ address }) => <Mono title={address}>{address}</Mono> },
  { id: 'kind', header: 'Kind', width: '90px', cell: ({ kind }) => (kind === 'sender' ? 'Sender' : 'Group') },
  { id: 'used', header: 'Used by', width: 'minmax(140px, 1fr)', cell: ({ usedBy }) => (usedBy.length === 0 ? <Box component="span" sx={{ color: 'text.secondary' }}>nothing</Box> : <span title={usedBy.join(', ')}>{usedBy.join(', ')}</span>) },
  { id: 'verified', header: 'Verified', width: '130px', cell: ({ verifiedAt }) => (verifiedAt === null ? '' : <LocalTime at={verifiedAt} />) }
]

const marks = { verified: { tone: 'good', text: 'Verified' }, 'code-sent': { tone: 'pending', text: 'Code to be entered' }, new: { tone: 'warning', text: 'Not verified' } } as const

const SenderMark = ({ sender }: { sender: SenderAddress }) => {
  const state = senderState(sender, useNow())
  const mail = sender.code?.mail ?? null
  if (state === 'code-sent' && mail !== null && mail.state !== 'sent') return <StatusMark tone="warning">Code not sent yet</StatusMark>
  return <StatusMark tone={marks[state].tone}>{marks[state].text}</StatusMark>
}
