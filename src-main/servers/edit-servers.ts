import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Transaction } from '../database/database.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { refuseTakenName, serverNamed } from './find-named.ts'
import { readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'
import type { AnyServer, ServerKind } from './server-kind.ts'
import type { Readiness, ServerIssue } from './server-readiness.ts'
import type { Kind, ReadyServer, ServerSecrets } from './connection-secrets.ts'
import { accountOf, purposesOf, withSecrets, type SecretPurpose } from './server-secrets.ts'
import { tidyServer } from './tidy-server.ts'

/** `dkimKey` is of outgoing servers alone. */
export type TypedSecrets = { secret: string | null; proxySecret: string | null; clientKeySecret: string | null; dkimKey?: string | null }
/** No secret is typed: those that are stored stay. */
export const nothingTyped: TypedSecrets = { secret: null, proxySecret: null, clientKeySecret: null }
export type SaveOrder<Draft> = TypedSecrets & { was: string | null; server: Draft; draft: boolean; reason: string | null; action?: 'restored' | undefined }
export type Saved<Draft, Ready> = Readiness<Ready> & { id: number; server: Draft }

/** What else changes in the same transaction; `present` is the configuration before it. */
export type AlsoSaved = (transaction: Transaction, present: PresentConfiguration) => Promise<void>

/** Saving and deleting, the same for both kinds of server. */
export const createServerEditing = <Draft extends AnyServer, Ready extends ReadyServer>(needs: ConfigurationNeeds, kind: ServerKind<Draft, Ready>) => {
  const { database, tables, credentials, signIn } = needs

  /**
   * Stores a new, changed or renamed server, its secrets before it; the id and what hangs on it stay, its tokens too. Throws ProblemError `not-found`,
   * `name-taken`, `server-is-running`, and `invalid-input` for what is wrong with it unless it is kept as a draft.
   */
  const save = async (typed: SaveOrder<Draft>, caller: Caller, also: AlsoSaved = async () => undefined): Promise<Saved<Draft, Ready>> => {
    const order = { ...typed, server: tidyServer(typed.server) }
    const present = await readConfiguration(tables, database)
    const readiness = check(present, order)
    const secrets = await secretChanges(credentials, order, kind.kind, kind.others(present))
    const id = await withSecrets(credentials, secrets, () => withTokens(order, () => store(order, caller, also)))
    needs.announce('servers-changed', { kind: kind.kind })
    return { id, server: order.server, ...readiness }
  }

  /** Tokens go along to the new name, and back when the work fails. */
  const withTokens = async <Result>({ was, server }: SaveOrder<Draft>, work: () => Promise<Result>): Promise<Result> => {
    if (was === null || was === server.name) return work()
    await signIn.rename(kind.kind, was, server.name)
    try {
      return await work()
    } catch (thrown) {
      await signIn.rename(kind.kind, server.name, was)
      throw thrown
    }
  }

  const check = (present: PresentConfiguration, { was, server, draft, reason }: SaveOrder<Draft>): Readiness<Ready> => {
    const rows = kind.rows(present)
    if (was !== null) kind.refuseChange(serverNamed(kind.what, rows, was).server)
    refuseTakenName(kind.what, server.name, was, rows.map((row) => row.server.name))
    checkedReason(present.settings, reason)
    const readiness = kind.readiness(server, present)
    if (!draft && readiness.ready === null) throw new ProblemError({ code: 'invalid-input', issues: fieldIssues(readiness.issues) })
    return readiness
  }

  const store = (order: SaveOrder<Draft>, { who }: Caller, also: AlsoSaved): Promise<number> =>
    database.transaction(async (transaction) => {
      const present = await readConfiguration(tables, transaction)
      check(present, order)
      const was = order.was === null ? null : serverNamed(kind.what, kind.rows(present), order.was)
      const id = was?.id ?? (await kind.table.insert(transaction, order.server))
      if (was !== null) await kind.table.update(transaction, id, order.server)
      await kind.table.keepTest(transaction, id, null)
      await recordChange(tables.history, transaction, needs.now(), {
        who, what: kind.what, name: order.server.name, from: was === null ? null : kind.form(was.server), to: kind.form(order.server), version: order.server, action: order.action,
        secretChanged: Object.values(typedSecrets(order)).some((typed) => typed !== null), reason: checkedReason(present.settings, order.reason)
      })
      await also(transaction, present)
      return id
    })

  /** Deletes a server with its tokens and its secrets, unless a server of the other kind has the same name and so the same secrets. */
  const remove = async (order: { name: string; reason: string | null }, { who }: Caller, also: AlsoSaved = async () => undefined): Promise<void> => {
    const before = await readConfiguration(tables, database)
    const checked = (present: PresentConfiguration) => {
      const row = serverNamed(kind.what, kind.rows(present), order.name)
      kind.refuseChange(row.server)
      kind.refuseDelete(row.server, present)
      return { row, reason: checkedReason(present.settings, order.reason) }
    }
    checked(before)
    const secrets = purposesOf(kind.kind).filter((purpose) => !isShared(purpose, order.name, kind.others(before))).map((purpose): [string, null] => [accountOf(order.name, purpose), null])
    await withSecrets(credentials, new Map(secrets), () =>
      database.transaction(async (transaction) => {
        const present = await readConfiguration(tables, transaction)
        const { row, reason } = checked(present)
        await kind.table.delete(transaction, row.id)
        await also(transaction, present)
        await recordChange(tables.history, transaction, needs.now(), { who, what: kind.what, name: order.name, from: kind.form(row.server), to: null, version: row.server, reason })
      })
    )
    await signIn.forget(kind.kind, order.name)
    needs.announce('servers-changed', { kind: kind.kind })
  }

  /** The stored password of a typed server's proxy, where it is the proxy that the stored server of this name has; else null. */
  const proxyPasswordFor = async ({ name, proxy }: Draft): Promise<string | null> => {
    const stored = (await kind.table.all(database)).find((row) => row.server.name === name)
    return stored !== undefined && stored.server.proxy === proxy ? credentials.get(accountOf(name, 'proxy')) : null
  }
  return { save, delete: remove, proxyPasswordFor }
}

/** Issues of a server as issues of the call's input, where it is called `server`. */
export const fieldIssues = (issues: readonly ServerIssue[]): InputIssue[] => issues.map(({ path, message }) => ({ path: `server.${path}`, message }))

/** Secrets as typed in a form, by what they are for; null for what was not typed. */
export const typedSecrets = ({ secret, proxySecret, clientKeySecret, dkimKey = null }: TypedSecrets): ServerSecrets => ({ 'sign-in': secret, proxy: proxySecret, 'client-key': clientKeySecret, dkim: dkimKey })

/** What saving changes in the credential store: typed secrets, and stored ones taken along to the new name. */
const secretChanges = async (credentials: CredentialStore, order: SaveOrder<AnyServer>, kind: Kind, others: readonly string[]): Promise<Map<string, string | null>> => {
  const { was, server } = order
  const changes = new Map<string, string | null>()
  for (const purpose of purposesOf(kind)) {
    const typed = typedSecrets(order)[purpose]
    const account = accountOf(server.name, purpose)
    if (typed !== null) changes.set(account, typed)
    if (was === null || was === server.name) continue
    const moved = await credentials.get(accountOf(was, purpose))
    if (typed === null && moved !== null) {
      if (isShared(purpose, server.name, others)) await refuseOtherSecret(credentials, account, server.name, moved)
      changes.set(account, moved)
    }
    if (moved !== null && !isShared(purpose, was, others)) changes.set(accountOf(was, purpose), null)
  }
  return changes
}

/** Whether a server of the other kind uses the same secret. */
const isShared = (purpose: SecretPurpose, name: string, others: readonly string[]): boolean => purpose !== 'dkim' && others.includes(name)

const refuseOtherSecret = async (credentials: CredentialStore, account: string, name: string, moved: string): Promise<void> => {
  const theirs = await credentials.get(account)
  if (theirs === null || theirs === moved) return
  const message = `Servers of the same name share one secret, and \`${name}\` already has another. Choose another name, or enter the secret again.`
  throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'server.name', message }] })
}
