import { isDeepStrictEqual } from 'node:util'
import type { TestStep, TestVerdict } from '#contract/connection-test.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Caller, WorkNeeds } from './configuration-needs.ts'
import { connectionWith, noSecrets, proxyWantsSecret, signsInByItself, storedSecrets, usesTokens, wantsSecret, type ReadyServer, type ServerSecrets } from './connection-secrets.ts'
import { fieldIssues, typedSecrets, type Saved, type TypedSecrets } from './edit-servers.ts'
import { serverNamed } from './find-named.ts'
import { readConfiguration } from './present-configuration.ts'
import type { AnyServer, ServerKind } from './server-kind.ts'
import { tidyServer } from './tidy-server.ts'

export type TestOrder<Draft> = TypedSecrets & { name: string | null; server: Draft | null; workId: string }

/** What a test signs in with. `tokensAs` is the server whose tokens it may use, null for none: then it gets tokens of its own and leaves none behind. */
type SignInData = { secrets: ServerSecrets; tokensAs: string | null }

/** Connection tests, the same for both kinds of server. */
export const createServerTesting = <Draft extends AnyServer, Ready extends ReadyServer>(needs: WorkNeeds, kind: ServerKind<Draft, Ready>) => {
  const { database, tables, credentials, signIn } = needs

  /**
   * Tests a stored server and keeps the verdict, or one as typed. Whatever the other side does is a verdict, not an error. Throws
   * ProblemError `not-found`, `server-is-draft`, `invalid-input`, and `cancelled`.
   */
  const test = (order: TestOrder<Draft>, caller: Caller): Promise<TestVerdict> =>
    needs.works.during(order.workId, async (signal) => {
      const verdict = order.server === null ? await testNamed(order, signal) : await testTyped({ ...order, server: order.server }, caller, signal)
      if (signal.aborted) throw new ProblemError({ code: 'cancelled' })
      return verdict
    })

  const testNamed = async (order: TestOrder<Draft>, signal: AbortSignal): Promise<TestVerdict> => {
    const saved = await readyNamed(order.name ?? '')
    if (Object.values(typedSecrets(order)).every((typed) => typed === null)) return testSaved(saved, order.workId, signal)
    return diagnose(saved.ready, withTyped(order, saved.ready, await storedSecrets(credentials, saved.ready.name), saved.ready.name), order.workId, signal)
  }

  const testTyped = async (order: TestOrder<Draft> & { server: Draft }, caller: Caller, signal: AbortSignal): Promise<TestVerdict> => {
    const typed = tidyServer(order.server)
    const { ready, issues } = kind.readiness(typed, await readConfiguration(tables, database))
    if (ready === null) throw new ProblemError({ code: 'invalid-input', issues: fieldIssues(issues) })
    const owner = await ownerOfSecrets(order.name, typed, caller)
    return diagnose(ready, withTyped(order, ready, owner === null ? noSecrets : await storedSecrets(credentials, owner), owner), order.workId, signal)
  }

  /** Stored secrets and tokens go only where they already go, or where somebody who might change that sends them. */
  const ownerOfSecrets = async (name: string | null, typed: Draft, { role }: Caller): Promise<string | null> => {
    const stored = kind.rows(await readConfiguration(tables, database)).find((row) => row.server.name === name)?.server
    if (stored === undefined) return null
    return role === 'administrator' || isDeepStrictEqual(destination(typed), destination(stored)) ? stored.name : null
  }

  /** Tests a server that is stored and ready, and keeps the verdict with it. */
  const testSaved = async ({ id, ready }: { id: number; ready: Ready }, workId: string, signal: AbortSignal): Promise<TestVerdict> => {
    const verdict = await diagnose(ready, { secrets: await storedSecrets(credentials, ready.name), tokensAs: ready.name }, workId, signal)
    if (signal.aborted) return verdict
    await database.transaction((transaction) => kind.table.keepTest(transaction, id, verdict))
    needs.announce('servers-changed', { kind: kind.kind })
    return verdict
  }

  const diagnose = async (server: Ready, { secrets, tokensAs }: SignInData, workId: string, signal: AbortSignal): Promise<TestVerdict> => {
    const steps: TestStep[] = []
    const ownTokens = `?${workId}`
    const report = (found: TestStep): void => {
      const step = { ...found, problem: underName(found.problem, ownTokens, server.name) }
      steps.push(step)
      needs.announce('test-step-happened', { workId, step })
    }
    const connection = connectionWith(signIn, kind.kind, server, secrets, tokensAs ?? ownTokens)
    const sample = await run(server, connection, secrets.dkim, report, signal)
    if (tokensAs === null && usesTokens(server.auth)) await signIn.forget(kind.kind, ownTokens)
    if (connection.credentials === null && wantsSecret(server.auth) && !steps.some(hasFailed)) report(secretMissing(server.name))
    return { at: needs.now().toISOString(), ...judged(steps, signal), sample, steps }
  }

  const run = async (server: Ready, connection: ReturnType<typeof connectionWith>, dkimKey: string | null, report: (step: TestStep) => void, signal: AbortSignal): Promise<TestVerdict['sample']> => {
    const transcript = needs.openTranscript?.(kind.kind, server.name) ?? null
    transcript?.('-- Test')
    if (connection.proxyPassword === null && proxyWantsSecret(server.proxy)) {
      report({ step: 'proxy', outcome: 'failed', ms: 0, detail: 'No password is stored for the proxy.', problem: { code: 'proxy-secret-missing', server: server.name } })
      return null
    }
    return kind.diagnose(server, { ...connection, signal, transcript, cursor: null }, report, dkimKey)
  }

  /** Throws ProblemError `not-found`, `server-is-draft`. */
  const readyNamed = async (name: string): Promise<Saved<Draft, Ready> & { ready: Ready }> => {
    const present = await readConfiguration(tables, database)
    const { id, server } = serverNamed(kind.what, kind.rows(present), name)
    const { ready, issues } = kind.readiness(server, present)
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: name, issues })
    return { id, server, ready, issues }
  }
  return { test, testSaved, readyNamed }
}

/** What was typed goes before what is stored. A typed secret is not tried with tokens that another one was good for. */
const withTyped = (order: TypedSecrets, server: ReadyServer, stored: ServerSecrets, owner: string | null): SignInData => {
  const typed = typedSecrets(order)
  const secrets: ServerSecrets = { 'sign-in': typed['sign-in'] ?? stored['sign-in'], proxy: typed.proxy ?? stored.proxy, 'client-key': typed['client-key'] ?? stored['client-key'], dkim: typed.dkim ?? stored.dkim }
  return { secrets, tokensAs: typed['sign-in'] !== null && signsInByItself(server.auth) ? null : owner }
}

/** Tokens of a test have a name of their own, which nobody knows. */
const underName = (problem: Problem | null, name: string, known: string): Problem | null =>
  problem !== null && 'server' in problem && problem.server === name ? { ...problem, server: known } : problem

/** Everything that decides where secrets and tokens go, and whose they are. */
const destination = ({ host, port, security, endpoint, mailbox, auth, tls, proxy, alternate }: AnyServer) => ({ host, port, security, endpoint, mailbox, auth: { ...auth, secret: null, secretExpires: null }, tls, proxy, alternate })

const hasFailed = (step: TestStep): boolean => step.outcome === 'failed'

const judged = (steps: readonly TestStep[], signal: AbortSignal): Pick<TestVerdict, 'verdict' | 'failedAt' | 'problem' | 'alternate'> => {
  const failed = steps.find(hasFailed)
  if (signal.aborted) return { verdict: 'failed', failedAt: failed?.step ?? null, problem: { code: 'cancelled' } }
  if (failed !== undefined) return { verdict: 'failed', failedAt: failed.step, problem: failed.problem, ...(failed.alternate === undefined ? {} : { alternate: failed.alternate }) }
  return { verdict: 'ok', failedAt: null, problem: null }
}

const secretMissing = (server: string): TestStep => ({
  step: 'sign-in', outcome: 'failed', ms: 0, detail: 'No secret is stored for this server.', problem: { code: 'credentials-missing', server }
})
