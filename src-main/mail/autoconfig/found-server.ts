import type { AuthMethod, IncomingProtocol, OutgoingProtocol, Security } from '#contract/protocols.ts'
import type { OAuthProvider } from '#contract/fields.ts'
import type { SetupSource } from '#contract/setup.ts'

/** How somebody signs in to a server that was found. The URLs and scopes are those of a provider that is neither Microsoft nor Google. */
export type FoundSignIn = { method: AuthMethod; user: string; provider?: OAuthProvider; tenant?: string; authorizationUrl?: string; tokenUrl?: string; scope?: string[] }
/** A server as a source names it. `endpoint` is there for protocols that are reached by URL; `host` is then the host in it. `notes` are about this way alone. */
export type FoundServer<Protocol> = { protocol: Protocol; host: string; port: number; security: Security; endpoint?: string; signIn: FoundSignIn; notes?: readonly string[] }
export type FoundIncoming = FoundServer<IncomingProtocol>
export type FoundOutgoing = FoundServer<OutgoingProtocol>

/** What one source knows: ways in, the preferred one first, and ways out of which any goes with any way in. */
export type FoundSetup = { source: SetupSource; title: string; notes: string[]; incoming: FoundIncoming[]; outgoing: FoundOutgoing[] }

/** An address in its parts; `domain` in ASCII (RFC 5891), lower case. */
export type SetupAddress = { address: string; local: string; domain: string }

/** Puts an address into the placeholders of the Thunderbird format. https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat */
export const filled = (text: string, { address, local, domain }: SetupAddress): string =>
  text.replaceAll('%EMAILADDRESS%', address).replaceAll('%EMAILLOCALPART%', local).replaceAll('%EMAILDOMAIN%', domain)
