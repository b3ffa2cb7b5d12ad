import { Resolver } from 'node:dns/promises'
import type { TestStep } from '#contract/connection-test.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { findPublishedKey, type LookUpTxt } from './published-key.ts'

/** The step `dkim` of a connection test: what DNS lacks is a warning, since mail goes out all the same; a private key that cannot sign is a failure. Never rejects. */
export type DkimStep = (server: Pick<OutgoingServer, 'name' | 'replyTo'> & { dkim: NonNullable<OutgoingServer['dkim']> }, pem: string | null) => Promise<TestStep>

/** Looks for the public key in DNS; `dnsServers` are asked in place of the system's. */
export const createDkimStep = (dnsServers?: readonly string[]): DkimStep => {
  const lookUp = txtFrom(dnsServers)
  return async (server, pem) => {
    const started = performance.now()
    const found = await findPublishedKey(server, pem, lookUp)
    const step = { step: 'dkim' as const, outcome: found.outcome, ms: Math.round(performance.now() - started), detail: found.detail }
    if (found.outcome !== 'failed') return { ...step, problem: null }
    if (found.missing === null) return { ...step, problem: { code: 'dkim-key-unusable', server: server.name, reason: found.detail.replace(/\.$/, '') } }
    return { ...step, outcome: 'warning', problem: { code: 'dkim-key-not-published', server: server.name, reason: found.detail, ...found.missing } }
  }
}

const txtFrom = (dnsServers?: readonly string[]): LookUpTxt => {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  if (dnsServers !== undefined) resolver.setServers([...dnsServers])
  return async (name) => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))
}
