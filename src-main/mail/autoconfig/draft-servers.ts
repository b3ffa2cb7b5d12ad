import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Auth } from '#contract/fields.ts'
import type { FoundIncoming, FoundOutgoing, FoundServer, FoundSignIn, SetupAddress } from './found-server.ts'

/** A server as it would be kept, named after the address and serving it alone. Pure. */
export function draftIncoming(found: FoundIncoming, { address }: SetupAddress, partition: string): IncomingServerDraft {
  const start = newIncomingServer(found.protocol, partition)
  return { ...start, ...placeOf(found), name: nameFor(address), auth: authOf(found.signIn), addresses: [address] }
}

/** The address is the sender. Pure. */
export const draftOutgoing = (found: FoundOutgoing, { address }: SetupAddress): OutgoingServerDraft =>
  ({ ...newOutgoingServer(found.protocol), ...placeOf(found), name: nameFor(address), auth: authOf(found.signIn), replyTo: address })

/** `it@example.com` is named `it example.com`. */
export function nameFor(address: string): string {
  const bare = address.normalize('NFC').replace(/[^\p{L}\p{N}._-]+/gu, ' ').replace(/^[^\p{L}\p{N}]+/u, '')
  return bare.slice(0, 64).trim() || 'Mail'
}

function placeOf({ host, port, security, endpoint }: FoundServer<unknown>) {
  return endpoint === undefined ? { host, port, security } : { host: '', port, security, endpoint }
}

function authOf({ method, user, provider, tenant, authorizationUrl, tokenUrl, scope }: FoundSignIn): Auth {
  if (method !== 'oauth2') return { method, user, secret: 'keychain' }
  const own = provider === 'other' ? { authorizationUrl, tokenUrl, ...(scope === undefined || scope.length === 0 ? {} : { scope }) } : {}
  return { method, user, provider, flow: 'interactive', ...(tenant === undefined ? {} : { tenant }), ...own, secret: 'keychain' }
}
