import { createHash } from 'node:crypto'
import type { EntraFault } from './entra-errors.ts'
import { assertionFault } from './entra-tokens.ts'
import { scopeFault, scopesIn, sessionScopes, shortName, type EntraWorld } from './entra-world.ts'

type Answer = Record<string, unknown> | number | EntraFault
/** Tokens, or what is wrong: an AADSTS code, or an error in full. */
export type GrantWork = (world: EntraWorld, body: URLSearchParams, audience: string, tenant: string) => Answer

const byCode: GrantWork = (world, body, audience) => {
  const code = world.codes.get(body.get('code') ?? '')
  if (code === undefined) return 70008
  const fault = clientFault(world, body, audience, !code.native)
  if (fault !== null) return fault
  if (code.used) return 54005
  if (body.get('redirect_uri') !== code.redirectUrl) return 500112
  // RFC 7636 4.6
  if (createHash('sha256').update(body.get('code_verifier') ?? '').digest('base64url') !== code.challenge) return 501481
  code.used = true
  return world.tokensFor(code.account, code.scope, code.native)
}

/**
 * Every use gives another token; those of before stay good unless `oneUse`.
 * https://learn.microsoft.com/entra/identity-platform/refresh-tokens
 */
const byRefreshToken: GrantWork = (world, body, audience) => {
  const { authority } = world
  const grant = world.grants.get(body.get('refresh_token') ?? '')
  if (grant === undefined) return 70000
  const fault = clientFault(world, body, audience, !grant.native)
  if (fault !== null) return fault
  if (grant.revoked !== null) return grant.revoked
  if (grant.used && authority.settings.oneUse) return 70000
  const asked = scopesIn(body)
  const refused = scopeFault(world, asked)
  if (refused !== null) return refused
  if (authority.app.consent !== 'given' || asked.some((one) => !sessionScopes.has(one) && !grant.scope.map(shortName).includes(shortName(one)))) return 65001
  grant.used = true
  return world.tokensFor(grant.account, asked, grant.native)
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code#expected-errors */
const byDeviceCode: GrantWork = (world, body, audience) => {
  const { authority, devices, now } = world
  const fault = clientFault(world, body, audience, !authority.app.publicFlows)
  if (fault !== null) return fault
  const device = devices.get(body.get('device_code') ?? '')
  if (device === undefined) return 70018
  if (now() > device.expiresAt) return 70020
  device.asked++
  if (device.asked <= authority.device.pending || authority.user.does === 'stays-away') return 70016
  // RFC 8628 3.5
  if (device.asked <= authority.device.pending + authority.device.slowDown) return { code: 70016, error: 'slow_down' }
  if (authority.user.does === 'declines') return { code: 65004, error: 'authorization_declined' }
  devices.delete(body.get('device_code') ?? '')
  return world.tokensFor(authority.user.account, device.scope, true)
}

const asApplication: GrantWork = (world, body, audience, tenant) => {
  const { authority } = world
  const fault = clientFault(world, body, audience, true)
  if (fault !== null) return fault
  if (tenant !== authority.tenant) return 9001023
  const scope = scopesIn(body)
  if (scope.length !== 1 || !scope[0]?.endsWith('/.default')) return 1002012
  return { token_type: 'Bearer', expires_in: authority.settings.tokenSeconds, ext_expires_in: authority.settings.tokenSeconds, access_token: world.accessToken(null, authority.app.roles, true) }
}

/** Microsoft's own library uses the short name of the device grant. */
export const entraGrants: Readonly<Record<string, GrantWork>> = {
  authorization_code: byCode, refresh_token: byRefreshToken, 'urn:ietf:params:oauth:grant-type:device_code': byDeviceCode, device_code: byDeviceCode, client_credentials: asApplication
}

/** `must` says whether the way to sign in wants a secret. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
function clientFault({ authority: { app }, now }: EntraWorld, body: URLSearchParams, audience: string, must: boolean): number | null {
  if (body.get('client_id') !== app.clientId) return 700016
  const [secret, assertion] = [body.get('client_secret'), body.get('client_assertion')]
  if (secret === null && assertion === null) return must ? 7000218 : null
  if (!must) return 700025
  if (assertion !== null) {
    if (body.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return 900144
    return assertionFault(assertion, { clientId: app.clientId, audience, certificates: app.certificates, now: now() })
  }
  const found = app.secrets.find(({ value }) => value === secret)
  return found === undefined ? 7000215 : found.expiresAt <= now() ? 7000222 : null
}
