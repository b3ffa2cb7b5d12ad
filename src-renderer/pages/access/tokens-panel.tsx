import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { AccessToken } from '#contract/access.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { LocalTime, TimeAgo } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { TokenDialog } from './token-dialog.tsx'

const columns: Column<AccessToken>[] = [
  { id: 'name', header: 'Name', width: 'minmax(160px, 1fr)', cell: ({ name }) => <Box component="span" sx={{ fontWeight: 500 }}>{name}</Box> },
  { id: 'role', header: 'Role', width: '140px', cell: ({ role }) => (role === 'administrator' ? 'Administrator' : 'Support') },
  { id: 'second', header: 'Second factor', width: 'minmax(150px, 1fr)', cell: ({ secondFactor }) => (secondFactor === null ? <Box component="span" sx={{ color: 'text.secondary' }}>none</Box> : <span title={`A code goes to ${secondFactor}`}>{secondFactor}</span>) },
  { id: 'made', header: 'Made', width: '160px', cell: ({ createdAt }) => <LocalTime at={createdAt} /> },
  { id: 'used', header: 'Last used', width: '160px', cell: ({ lastUsedAt }) => (lastUsedAt === null ? <Box component="span" sx={{ color: 'text.secondary' }}>never</Box> : <TimeAgo at={lastUsedAt} />) }
]

/** The named tokens: who reaches the browser console, and which programs do. */
export const TokensPanel = () => {
  const reasonRequired = useReasonRequired()
  const { value: tokens, problem, reload } = useCall('access.tokens', {}, { refreshOn: ['access-changed'] })
  const [selected, setSelected] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const chosen = tokens?.find(({ name }) => name === selected) ?? null
  const revoke = async ({ name }: AccessToken): Promise<void> => {
    const goAhead = await ask({ title: `Revoke ${name}`, body: 'Whoever uses this token is out at once, in every browser and program. It cannot be given back; make another one instead.', confirm: 'Revoke the token', dangerous: true, reason: reasonRequired ? 'required' : 'optional' })
    if (goAhead && (await act(() => callMain('access.revoke-token', { name, reason: goAhead.reason })))) say(`The token ${name} is revoked.`)
    reload()
  }
  const add = <Button variant="contained" color="primary" onClick={() => setAdding(true)}>Add a token</Button>
  return (
    <Panel title="Tokens of the browser console" footer={tokens?.length === 0 ? undefined : <>{add}<Button disabled={!chosen} onClick={() => chosen && void revoke(chosen)}>Revoke</Button></>}>
      {problem && <Box sx={{ p: 1.5 }}><ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} /></Box>}
      {tokens?.length === 0 && <EmptyState title="No named tokens yet" action={add}>Each start in a browser prints a link or two, which end with it. A named token stays valid over restarts, for one person or one program, until you revoke it; the history then says who it was.</EmptyState>}
      {tokens !== null && tokens.length > 0 && <DataTable<AccessToken> label="Tokens" columns={columns} rows={tokens} keyOf={({ name }) => name} selected={selected} onSelect={({ name }) => setSelected(name)} minWidth={620} keys={{ remove: (token) => void revoke(token) }} />}
      {adding && <TokenDialog reasonRequired={reasonRequired} onClose={() => { setAdding(false); reload() }} />}
    </Panel>
  )
}
