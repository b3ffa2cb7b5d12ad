import { Resolver } from 'node:dns/promises'
import type { TestStep } from '#contract/connection-test.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { findPublishedKey, type LookUpTxt } from './published-key.ts'

/** The step `dkim` of a connection test. Never rejects. */
export type DkimStep = (server: Pick<OutgoingServer, 'name' | 'replyTo'> & { dkim: NonNullable<OutgoingServer['dkim']> }, pem: string | null) => Promise<TestStep>

/** Looks for the public key in DNS; `dnsServers` are asked in place of the system's. */
export const createDkimStep = (dnsServers?: readonly string[]): DkimStep => {
  const lookUp = txtFrom(dnsServers)
  return async (server, pem) => {
    const started = performance.now()
    const { outcome, detail } = await findPublishedKey(server, pem, lookUp)
    const step = { step: 'dkim' as const, outcome, ms: Math.round(performance.now() - started), detail }
    return { ...step, problem: outcome === 'failed' ? { code: 'dkim-key-unusable', server: server.name, reason: detail.replace(/\.$/, '') } : null }
  }
}

const txtFrom = (dnsServers?: readonly string[]): LookUpTxt => {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  if (dnsServers !== undefined) resolver.setServers([...dnsServers])
  return async (name) => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))
}
