import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Caller, WorkNeeds } from './configuration-needs.ts'
import { storedIncoming, storedOutgoing } from './configured-servers.ts'
import { proxyWantsSecret, storedSecrets, usesTokens, wantsSecret, type Kind, type ReadyServer } from './connection-secrets.ts'
import { serverNamed } from './find-named.ts'
import { readConfiguration } from './present-configuration.ts'

/** Use cases on signing in to stored servers by tokens, one for each call `sign-in.…`. */
export const createServerSignIn = (needs: WorkNeeds) => {
  const { database, tables, credentials, signIn } = needs

  /** What the person has to do is announced as it comes up. Throws ProblemError `not-found`, `server-is-draft`, `invalid-input`, `credentials-missing`, `cancelled`, and of the sign-in. */
  const start = ({ kind, name, workId }: ParsedInput<'sign-in.start'>, { who }: Caller): Promise<CallAnswer<'sign-in.start'>> =>
    needs.works.during(workId, async (signal) => {
      const server = await tokenServerNamed(kind, name)
      const secrets = await storedSecrets(credentials, name)
      if (secrets['sign-in'] === null && wantsSecret(server.auth)) throw new ProblemError({ code: 'credentials-missing', server: name })
      if (secrets.proxy === null && proxyWantsSecret(server.proxy)) throw new ProblemError({ code: 'proxy-secret-missing', server: name })
      const of = { kind, server, secret: secrets['sign-in'], proxyPassword: secrets.proxy, clientKeyPassphrase: secrets['client-key'] }
      const state = await signIn.start(of, { id: workId, signal, step: (step) => needs.announce('sign-in-step-happened', { workId, step }) }).catch((thrown: unknown) => {
        throw signal.aborted ? new ProblemError({ code: 'cancelled' }, { cause: thrown }) : thrown
      })
      await record(kind, name, { from: '', to: state.account ?? 'signed in' }, who)
      return state
    })

  const answer = ({ workId, url }: ParsedInput<'sign-in.answer'>): Promise<void> => signIn.answer(workId, url)

  const forget = async ({ kind, name }: ParsedInput<'sign-in.forget'>, { who }: Caller): Promise<void> => {
    await tokenServerNamed(kind, name)
    await signIn.forget(kind, name)
    await record(kind, name, { from: 'signed in', to: '' }, who)
  }

  const tokenServerNamed = async (kind: Kind, name: string): Promise<ReadyServer> => {
    const present = await readConfiguration(tables, database)
    const { ready, issues } = kind === 'incoming' ? serverNamed('incoming server', storedIncoming(present), name) : serverNamed('outgoing server', storedOutgoing(present), name)
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: name, issues })
    if (!usesTokens(ready.auth)) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'name', message: `\`${name}\` signs in by ${ready.auth.method}; a sign-in in the browser is for oauth2.` }] })
    return ready
  }

  const record = async (kind: Kind, name: string, { from, to }: { from: string; to: string }, who: string): Promise<void> => {
    await database.transaction((transaction) =>
      tables.history.add(transaction, { at: needs.now().toISOString(), who, what: `${kind} server`, name, action: 'changed', changes: [{ field: 'sign-in', from, to }], reason: null })
    )
    needs.announce('servers-changed', { kind })
  }
  return { start, answer, forget }
}
