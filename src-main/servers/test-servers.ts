import { isDeepStrictEqual } from 'node:util'
import type { TestStep, TestVerdict } from '#contract/connection-test.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ConnectionNeeds, Credentials } from '../mail/incoming-transport.ts'
import type { Caller, WorkNeeds } from './configuration-needs.ts'
import { fieldIssues, type Saved } from './edit-servers.ts'
import { serverNamed } from './find-named.ts'
import { readConfiguration } from './present-configuration.ts'
import type { AnyServer, ServerKind } from './server-kind.ts'
import { accountOf } from './server-secrets.ts'

export type TestOrder<Draft> = { name: string | null; server: Draft | null; secret: string | null; workId: string }

/** Connection tests, the same for both kinds of server. */
export const createServerTesting = <Draft extends AnyServer, Ready extends AnyServer>(needs: WorkNeeds, kind: ServerKind<Draft, Ready>) => {
  const { database, tables, credentials } = needs

  /**
   * Tests a stored server and keeps the verdict, or one as typed. Whatever the other side does is a verdict, not an error. Throws
   * ProblemError `not-found`, `server-is-draft`, `invalid-input`, and `cancelled`.
   */
  const test = (order: TestOrder<Draft>, caller: Caller): Promise<TestVerdict> =>
    duringWork(needs, order.workId, async (signal) => {
      const verdict = order.server === null ? await testNamed(order, signal) : await testTyped({ ...order, server: order.server }, caller, signal)
      if (signal.aborted) throw new ProblemError({ code: 'cancelled' })
      return verdict
    })

  const testNamed = async ({ name, secret, workId }: TestOrder<Draft>, signal: AbortSignal): Promise<TestVerdict> => {
    const saved = await readyNamed(name ?? '')
    return secret === null ? testSaved(saved, workId, signal) : diagnose(saved.ready, { user: saved.ready.auth.user, secret }, workId, signal)
  }

  const testTyped = async (order: TestOrder<Draft> & { server: Draft }, caller: Caller, signal: AbortSignal): Promise<TestVerdict> => {
    const { ready, issues } = kind.readiness(order.server, await readConfiguration(tables, database))
    if (ready === null) throw new ProblemError({ code: 'invalid-input', issues: fieldIssues(issues) })
    const secret = order.secret ?? (await storedSecretFor(order.name, order.server, caller))
    return diagnose(ready, withUser(ready, secret), order.workId, signal)
  }

  /** A stored secret goes only where it already goes, or where somebody who might change that sends it. */
  const storedSecretFor = async (name: string | null, typed: Draft, { role }: Caller): Promise<string | null> => {
    const stored = kind.rows(await readConfiguration(tables, database)).find((row) => row.server.name === name)?.server
    if (stored === undefined || typed.auth.method === 'none') return null
    return role === 'administrator' || isDeepStrictEqual(destination(typed), destination(stored)) ? credentials.get(accountOf(stored.name)) : null
  }

  /** Tests a server that is stored and ready, and keeps the verdict with it. */
  const testSaved = async ({ id, ready }: { id: number; ready: Ready }, workId: string, signal: AbortSignal): Promise<TestVerdict> => {
    const secret = ready.auth.method === 'none' ? null : await credentials.get(accountOf(ready.name))
    const verdict = await diagnose(ready, withUser(ready, secret), workId, signal)
    if (signal.aborted) return verdict
    await database.transaction((transaction) => kind.table.keepTest(transaction, id, verdict))
    needs.announce('servers-changed', { kind: kind.kind })
    return verdict
  }

  const diagnose = async (server: Ready, signIn: Credentials | null, workId: string, signal: AbortSignal): Promise<TestVerdict> => {
    const steps: TestStep[] = []
    const report = (step: TestStep): void => {
      steps.push(step)
      needs.announce('test-step-happened', { workId, step })
    }
    const { transcript } = needs
    transcript?.(server.name, `-- Test at ${needs.now().toISOString()}`)
    const sample = await kind.diagnose(server, { credentials: signIn, signal, transcript: transcript ? (line) => transcript(server.name, line) : null }, report)
    if (signIn === null && server.auth.method !== 'none' && !steps.some(hasFailed)) report(secretMissing(server.name))
    return { at: needs.now().toISOString(), ...judged(steps, signal), sample, steps }
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

/** Runs long work under its id, so that it can be cancelled. Throws ProblemError `already-running`. */
export const duringWork = async <Result>({ works }: Pick<WorkNeeds, 'works'>, workId: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
  const signal = works.start(workId)
  try {
    return await work(signal)
  } finally {
    works.end(workId)
  }
}

const withUser = (server: AnyServer, secret: string | null): ConnectionNeeds['credentials'] => (secret === null ? null : { user: server.auth.user, secret })

const destination = ({ host, port, security, auth, tls, proxy }: AnyServer) => ({ host, port, security, user: auth.user, tls, proxy })

const hasFailed = (step: TestStep): boolean => step.outcome === 'failed'

const judged = (steps: readonly TestStep[], signal: AbortSignal): Pick<TestVerdict, 'verdict' | 'failedAt' | 'problem'> => {
  const failed = steps.find(hasFailed)
  if (signal.aborted) return { verdict: 'failed', failedAt: failed?.step ?? null, problem: { code: 'cancelled' } }
  if (failed !== undefined) return { verdict: 'failed', failedAt: failed.step, problem: failed.problem }
  return { verdict: 'ok', failedAt: null, problem: null }
}

const secretMissing = (server: string): TestStep => ({
  step: 'sign-in', outcome: 'failed', ms: 0, detail: 'No password is stored for this server.', problem: { code: 'credentials-missing', server }
})

