import type { Auth } from '#contract/fields.ts'
import { incomingServer } from '#contract/incoming-server.ts'
import { outgoingServer } from '#contract/outgoing-server.ts'
import type { SetupCandidate } from '#contract/setup.ts'
import { errorsByPath } from '../field-errors.ts'
import { withFields } from '../form-parts.ts'
import type { Typed } from './candidate-form.tsx'
import type { Wanted } from './use-set-up.ts'

/** A proposal with what was typed put in. */
export const filledIn = (candidate: SetupCandidate, typed: Typed, address: string, draft: boolean): Wanted => {
  const signIn = (auth: Auth): Auth =>
    auth.method === 'none' ? auth : auth.method === 'oauth2' ? withFields({ ...auth, user: auth.user || address }, { clientId: typed.clientId, ...(typed.tenant === '' ? {} : { tenant: typed.tenant }) }) : { ...auth, user: typed.user }
  const { incoming, outgoing } = candidate
  return {
    incoming: { ...incoming, name: typed.name.trim(), partition: typed.partition, addresses: incoming.addresses.length > 0 ? incoming.addresses : [address], auth: signIn(incoming.auth), enabled: false },
    outgoing: outgoing && typed.withOutgoing ? { ...outgoing, name: typed.name.trim(), replyTo: outgoing.replyTo || address, auth: signIn(outgoing.auth) } : null,
    secret: typed.secret, draft
  }
}

/** What stands in the way of connecting, by field. */
export const faultsOf = (candidate: SetupCandidate, typed: Typed, wanted: Wanted): Record<string, string> => {
  const parsed = [incomingServer.safeParse(wanted.incoming), ...(wanted.outgoing ? [outgoingServer.safeParse(wanted.outgoing)] : [])]
  const issues = parsed.flatMap((each) => (each.success ? [] : each.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))))
  const needsPassword = wanted.incoming.auth.method === 'password' || wanted.incoming.auth.method === 'ntlm'
  // The password cannot be entered before the hosts are known.
  const unknown = candidate.unconfirmedHosts.some((host) => !typed.confirmed.includes(host))
  return {
    ...errorsByPath(issues),
    ...(unknown ? { hosts: 'Say that you know the host, or choose another way.' } : {}),
    ...(needsPassword && !unknown && typed.secret === '' ? { secret: 'Enter the password.' } : {})
  }
}

/** The part before the @, as a name that no server has yet. */
export const nameFor = (address: string, taken: readonly string[]): string => {
  const wish = (address.split('@')[0] ?? '').replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[._-]+|-+$/g, '').slice(0, 56) || 'mailbox'
  if (!taken.includes(wish)) return wish
  return `${wish}-${[...Array(taken.length + 2).keys()].slice(2).find((each) => !taken.includes(`${wish}-${each}`)) ?? taken.length + 2}`
}
