import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type InputIssue, type Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { Form } from '../model/configuration-difference.ts'
import { incomingForm, outgoingForm, partitionForm, settingsForm } from './configuration-form.ts'
import { proxyWantsSecret, wantsSecret } from './connection-secrets.ts'
import { refuseTakenName } from './find-named.ts'
import { knownServersIn } from './outgoing-references.ts'
import { checkPartition } from './partitions.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import { storedIncomingServer, storedOutgoingServer, storedPartition, storedSettings } from './read-leniently.ts'
import { referableIn } from './references.ts'
import { incomingReadiness, outgoingReadiness, type ServerIssue } from './server-readiness.ts'
import { accountOf } from './server-secrets.ts'
import { checkSettings } from './settings.ts'
import type { AnyServer } from './server-kind.ts'

export type Circumstances = { present: PresentConfiguration; renamings: readonly { was: string; name: string }[]; /** Accounts that hold a secret. */ stored: ReadonlySet<string> }

/**
 * An earlier version beside the present one. `was` is its present name; null, and `now` with it, where it is gone. `stop`: why it cannot be
 * restored; issues that do not stop it make the server a draft.
 */
export type Earlier = Subject & { was: string | null; now: Form | null; then: Form; issues: InputIssue[]; stop: Problem | null; warnings: string[] }
type Subject =
  | { what: 'incoming server'; server: IncomingServerDraft }
  | { what: 'outgoing server'; server: OutgoingServerDraft }
  | { what: 'partition'; partition: Partition }
  | { what: 'settings'; settings: Settings }

export const earlierIncoming = (version: unknown, { present, renamings, stored }: Circumstances): Earlier => {
  const then = storedIncomingServer(version as IncomingServerDraft)
  const names = present.incoming.map(({ server }) => server.name)
  const was = presentName(then.name, renamings, names)
  const now = present.incoming.find(({ server }) => server.name === was)?.server ?? null
  const server = { ...then, enabled: false }
  const readiness = incomingReadiness(server, referableIn(present))
  const running: Problem | null = now?.enabled === true ? { code: 'server-is-running', server: now.name } : null
  const taken = stopOf(() => refuseTakenName('incoming server', server.name, was, names))
  return {
    what: 'incoming server', server, was, then: incomingForm(server),
    // Whether it fetches is no part of what comes back.
    now: now && incomingForm({ ...now, enabled: false }), stop: running ?? taken,
    issues: [...issuesOf(running, 'enabled'), ...issuesOf(taken, 'name'), ...readiness.issues],
    warnings: [...(then.enabled ? ['It was fetching mail then. It comes back stopped; start it when you have looked at it.'] : []), ...serverWarnings(server, was, readiness.issues, stored)]
  }
}

export const earlierOutgoing = (version: unknown, { present, renamings, stored }: Circumstances): Earlier => {
  const server = storedOutgoingServer(version as OutgoingServerDraft)
  const names = present.outgoing.map((row) => row.server.name)
  const was = presentName(server.name, renamings, names)
  const now = present.outgoing.find((row) => row.server.name === was)?.server ?? null
  const readiness = outgoingReadiness(server, knownServersIn(present))
  const stop = stopOf(() => refuseTakenName('outgoing server', server.name, was, names))
  return {
    what: 'outgoing server', server, was, then: outgoingForm(server), now: now && outgoingForm(now), stop,
    issues: [...issuesOf(stop, 'name'), ...readiness.issues], warnings: serverWarnings(server, was, readiness.issues, stored)
  }
}

export const earlierPartition = (version: unknown, { present, renamings }: Circumstances): Earlier => {
  const then = storedPartition(version as Partition)
  const was = presentName(then.name, renamings, present.partitions.map(({ name }) => name))
  const now = present.partitions.find(({ name }) => name === was) ?? null
  const staysDefault = now?.default === true && !then.default
  const partition = staysDefault ? { ...then, default: true } : then
  const stop = stopOf(() => checkPartition(present, { was, partition, reason: null }))
  return {
    what: 'partition', partition, was, then: partitionForm(partition), now: now && partitionForm(now), stop, issues: issuesOf(stop, 'name'),
    warnings: staysDefault ? ['It stays the default partition; make another one the default first if it should not be.'] : []
  }
}

export const earlierSettings = (version: unknown, { present }: Circumstances): Earlier => {
  const settings = storedSettings(version)
  const stop = stopOf(() => checkSettings(settings, present))
  return { what: 'settings', settings, was: 'settings', then: settingsForm(settings), now: settingsForm(present.settings), stop, issues: issuesOf(stop, ''), warnings: ['Passwords and signing secrets are no part of a version: those that are stored now stay.'] }
}

/** What something that had this name is called now; null where it is gone. */
const presentName = (name: string, renamings: Circumstances['renamings'], names: readonly string[]): string | null => {
  const now = renamings.reduce((current, renaming) => (renaming.was === current ? renaming.name : current), name)
  return names.includes(now) ? now : null
}

const stopOf = (check: () => void): Problem | null => {
  try {
    check()
    return null
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem
    throw thrown
  }
}

const issuesOf = (problem: Problem | null, path: string): InputIssue[] => {
  if (problem === null) return []
  if (problem.code === 'invalid-input') return problem.issues
  const { title, advice } = wordsOf(problem)
  return [{ path, message: `${title} ${advice}` }]
}

const serverWarnings = ({ name, auth, proxy, dkim = null }: AnyServer & { dkim?: object | null }, was: string | null, issues: readonly ServerIssue[], stored: ReadonlySet<string>): string[] => {
  const known = (purpose?: 'proxy' | 'dkim'): boolean => stored.has(accountOf(was ?? name, purpose)) || stored.has(accountOf(name, purpose))
  return [
    ...(issues.length > 0 ? ['It comes back as a draft, since something that it needs is missing now.'] : []),
    ...(wantsSecret(auth) ? [known() ? 'Its password or client secret is no part of a version: the one that is stored now stays.' : 'Its password or client secret does not come back; enter it again.'] : []),
    ...(proxyWantsSecret(proxy) && !known('proxy') ? ['The password of its proxy does not come back; enter it again.'] : []),
    ...(dkim !== null && !known('dkim') ? ['Its DKIM key does not come back; enter it again.'] : []),
    ...(was === null && auth.method === 'oauth2' && auth.flow !== 'client-credentials' ? ['Its sign-in does not come back; sign in again.'] : [])
  ]
}
