import type { Auth } from '#contract/fields.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ConnectionNeeds } from './incoming-transport.ts'

/** What one attempt to sign in shows: a password, or an access token for the mailbox `user`. */
export type Presented = { kind: 'password' | 'token'; user: string; secret: string }

type SignedInTo = { name: string; auth: Auth; mailbox?: string | undefined }

/**
 * Signs in by `attempt`. A token that is refused is asked for once more and shown to a fresh `attempt`; what that one throws is final.
 * Throws `credentials-missing` where there are none.
 */
export async function presentCredentials<Result>(server: SignedInTo, { credentials, signal }: Pick<ConnectionNeeds, 'credentials' | 'signal'>, attempt: (presented: Presented) => Promise<Result>): Promise<Result> {
  if (credentials === null) throw new ProblemError({ code: 'credentials-missing', server: server.name })
  if (credentials.kind === 'password') return attempt(credentials)
  if (signal.aborted) throw new ProblemError({ code: 'cancelled' })
  const user = presentedUser(server, credentials.user)
  const { token } = await credentials.token(signal)
  try {
    return await attempt({ kind: 'token', user, secret: token })
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'credentials-refused') throw error
    const renewed = await credentials.token(signal, { token, claims: null })
    if (renewed.token === token) throw error
    return attempt({ kind: 'token', user, secret: renewed.token })
  }
}

/** Exchange opens the mailbox that the SASL user names, whoever the token is for. */
export function presentedUser({ mailbox, auth }: SignedInTo, user: string): string {
  return [mailbox, user, auth.subject, auth.user].find((name) => name !== undefined && name !== '') ?? ''
}
