import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { AuthMethod } from '#contract/protocols.ts'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { SecretLine } from '../../components/fields.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { secretKey } from './asked-secrets.tsx'

type Missing = { server: string; purpose: 'sign-in' | 'proxy'; label: string }

/** What a configuration file cannot carry: the secrets that its servers still lack, to be entered at once. */
export const MissingSecrets = () => {
  const incoming = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] })
  const outgoing = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] })
  const [typed, setTyped] = useState<Record<string, string>>({})
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const missing = missingOf(incoming.value ?? [], outgoing.value ?? [])
  if (missing.length === 0) return null
  const filled = missing.filter((each) => (typed[secretKey(each)] ?? '') !== '')
  const save = (): void =>
    void act(async () => {
      for (const each of filled) {
        await callMain('secret.set', { server: each.server, purpose: each.purpose, secret: typed[secretKey(each)] ?? '' })
        setTyped(({ [secretKey(each)]: _done, ...rest }) => rest)
      }
      say(filled.length === 1 ? 'The secret is stored.' : `${filled.length} secrets are stored.`)
      incoming.reload()
      outgoing.reload()
    })
  return (
    <Panel title="Missing secrets">
      <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); save() }} sx={{ p: 2, display: 'grid', gap: 1.5, '& > span > span': { whiteSpace: 'normal' } }}>
        <StatusMark tone="warning">These servers cannot sign in yet: a configuration file never carries secrets. Enter those you have; the others can wait.</StatusMark>
        <LookOnly what="secrets" />
        <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' }, gap: 1.5 }}>
          {missing.map((each) => <SecretLine key={secretKey(each)} label={`${each.server}: ${each.label}`} stored={false} value={typed[secretKey(each)] ?? ''} onChange={(secret) => setTyped((before) => ({ ...before, [secretKey(each)]: secret }))} disabled={!administrator} />)}
        </Box>
        <Box><Button type="submit" variant="contained" color="primary" disabled={!administrator || filled.length === 0}>Store {filled.length > 1 ? `${filled.length} secrets` : 'secret'}</Button></Box>
      </Box>
    </Panel>
  )
}

const labels: Partial<Record<AuthMethod, string>> = { password: 'password', ntlm: 'password', 'service-account': 'key of the service account' }

const missingOf = (incoming: readonly IncomingServerView[], outgoing: readonly OutgoingServerView[]): Missing[] => {
  const all = [...incoming, ...outgoing].flatMap(({ server, hasSecret, hasProxySecret }): Missing[] => {
    const { method, flow } = server.auth
    const label = labels[method] ?? (method === 'oauth2' && flow === 'client-credentials' ? 'client secret' : null)
    return [...(label !== null && !hasSecret ? [{ server: server.name, purpose: 'sign-in' as const, label }] : []), ...(/\/\/[^/@]+@/.test(server.proxy ?? '') && !hasProxySecret ? [{ server: server.name, purpose: 'proxy' as const, label: 'password of the proxy' }] : [])]
  })
  // Servers of the same name in both directions share their secret.
  return all.filter((each, index) => all.findIndex((other) => secretKey(other) === secretKey(each)) === index)
}
