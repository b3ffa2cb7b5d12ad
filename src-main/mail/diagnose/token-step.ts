import type { Auth } from '#contract/fields.ts'
import { oauthSettings } from '#contract/oauth.ts'
import type { ProtocolRow } from '#contract/protocols.ts'
import { missingScopes } from '../../model/missing-scopes.ts'
import { grantedToken } from '../granted-token.ts'
import type { AccessToken, ConnectionNeeds } from '../incoming-transport.ts'
import type { StepFinding, StepRunner } from './run-step.ts'

type Tokened = { name: string; auth: Auth; endpoint?: string | undefined; mailbox?: string | undefined }

/**
 * The step `token`: whether one can be had, for whom, for which scopes and how long. A scope that the protocol needs and that was not granted
 * fails it. Passes without a step where the sign-in is by password; null when it failed.
 */
export async function tokenStep(server: Tokened, row: Pick<ProtocolRow, 'resource'>, { credentials, signal }: Pick<ConnectionNeeds, 'credentials' | 'signal'>, step: StepRunner): Promise<{ value: AccessToken | null } | null> {
  if (credentials?.kind !== 'token') return { value: null }
  return step('token', () => lookAtToken(server.name, { credentials, signal }, (granted) => missingScopes(oauthSettings(server, row), granted)))
}

/** For who signs in by token alone. Throws `credentials-missing` without one, and `scope-missing` where `lacks` names a scope. */
export async function lookAtToken(server: string, connection: Pick<ConnectionNeeds, 'credentials' | 'signal'>, lacks: (granted: readonly string[]) => string[]): Promise<StepFinding<AccessToken>> {
  const value = await grantedToken(server, connection, lacks)
  return { value, detail: detailOf(value) }
}

function detailOf({ account, scope, expiresAt }: AccessToken): string {
  const minutes = Math.round((expiresAt - Date.now()) / 60_000)
  return [account ?? 'the application', ...(scope.length === 0 ? [] : [scope.join(' ')]), `good for ${minutes} minute${minutes === 1 ? '' : 's'} more`].join('; ')
}
