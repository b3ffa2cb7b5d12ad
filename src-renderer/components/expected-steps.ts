import type { Auth } from '#contract/fields.ts'
import type { TestStepName } from '#contract/connection-test.ts'
import type { ProtocolRow, Security } from '#contract/protocols.ts'

type Tested = { security: Security; auth: Auth; proxy: string | null; mailbox?: string | undefined; forbiddenMailbox?: string | undefined; popBeforeSmtp?: string | undefined; dkim?: object | null }

/** The steps that the test of such a server is expected to have, in their order; a test may leave out or add some. */
export const expectedSteps = (server: Tested, row: ProtocolRow, side: 'incoming' | 'outgoing'): TestStepName[] => {
  const token = server.auth.method === 'oauth2' || server.auth.method === 'service-account'
  const byUrl = row.reach === 'endpoint'
  const steps: [TestStepName, boolean][] = [
    ['pop-sign-in', (server.popBeforeSmtp ?? '') !== ''], ['resolve', server.proxy === null], ['proxy', server.proxy !== null], ['connect', true], ['tls', byUrl || server.security === 'tls'],
    ['greeting', !byUrl], ['token', token], ['endpoint', byUrl], ['sign-in', !byUrl && server.auth.method !== 'none'],
    ['mailbox', byUrl || (server.mailbox ?? '') !== ''], ['folder', side === 'incoming' && row.has.folders], ['sample', side === 'incoming'], ['forbidden-mailbox', (server.forbiddenMailbox ?? '') !== ''], ['dkim', (server.dkim ?? null) !== null]
  ]
  return steps.flatMap(([step, wanted]) => (wanted ? [step] : []))
}
