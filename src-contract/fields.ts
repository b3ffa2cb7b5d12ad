import { z } from 'zod'
import { authMethods, securities, tlsVersions } from './protocols.ts'

/** Names in commands and the configuration file: letters, digits, dot, hyphen, underscore and space, 1 to 64 characters. */
export const entityName = z
  .string()
  .min(1, 'Enter a name.')
  .max(64, 'A name has at most 64 characters.')
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N}._ -]*[\p{L}\p{N}._-])?$/u, 'Use letters, digits, dot, hyphen, underscore and space; begin with a letter or digit.')

/** A host name (RFC 1123, also internationalised), an IPv4 or an IPv6 address; no scheme, no port. */
export const hostName = z
  .string()
  .min(1, 'Enter the server name or IP address.')
  .max(253, 'A host name has at most 253 characters.')
  .regex(/^[^\s/@?#\\]+$/, 'Enter only the name or address, without http://, port or path.')
  .refine((host) => !host.includes(':') || /^[0-9a-fA-F:.]+(%\w+)?$/.test(host), 'Enter the port in its own field.')

export const portNumber = z.int('A port is a whole number.').min(1, 'A port is between 1 and 65535.').max(65535, 'A port is between 1 and 65535.')

/** addr-spec of RFC 5322 as accepted in forms: one @, no spaces, no control characters. */
export const mailAddress = z
  .string()
  .max(254, 'An address has at most 254 characters.')
  .regex(/^[^\s@<>(),;:"\u0000-\u001f]+@[^\s@<>(),;:"\u0000-\u001f]+$/u, 'Enter one address, such as it@example.com.')

/** An address, or a domain that stands for every address in it. */
export const addressOrDomain = z
  .string()
  .max(254)
  .regex(/^(?:[^\s@<>(),;:"]+@)?[^\s@<>(),;:"]+$/u, 'Enter an address or a domain.')

/** Where a secret comes from when a configuration file is imported; never the secret itself. `ask`: whoever imports is asked for it. */
export const secretSource = z
  .string()
  .regex(/^(?:keychain|ask|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'Name where the secret comes from: env:NAME, file:PATH, keychain, or ask. The secret itself does not belong here.')

export const security = z.enum(securities)
const tlsVersion = z.enum(tlsVersions)

/** SHA-256 fingerprint of the server certificate: 32 bytes in hex, colons allowed. */
export const fingerprint = z.string().regex(/^(?:[0-9a-fA-F]{2}:?){32}$/, 'A SHA-256 fingerprint has 32 bytes in hexadecimal.')

export const tlsSettings = z.strictObject({
  minVersion: tlsVersion.default('TLSv1.2'),
  /** PEM file with additional certificate authorities, absolute or relative to the configuration file. */
  caFile: z.string().min(1, 'Enter the path of a PEM file, or leave it empty.').nullable().default(null),
  pin: fingerprint.nullable().default(null),
  /** PEM files with which Mailroom shows who it is, for servers that ask for a client certificate (RFC 8446 4.3.2). */
  clientCertFile: z.string().min(1, 'Enter the path of a PEM file, or leave it empty.').max(4096).optional(),
  clientKeyFile: z.string().min(1, 'Enter the path of a PEM file, or leave it empty.').max(4096).optional(),
  /** Where the passphrase of the client key comes from on import. */
  clientKeySecret: secretSource.optional()
})
export type TlsSettings = z.infer<typeof tlsSettings>
/** As typed: paths and pin may still be wrong. */
export const tlsSettingsDraft = tlsSettings.extend({ caFile: z.string().nullable(), pin: z.string().nullable(), clientCertFile: z.string().max(4096).optional(), clientKeyFile: z.string().max(4096).optional() })

/** `http://host:port` (CONNECT) or `socks5://host:port`; a user name may be given, a password may not: that is a secret of its own. */
export const proxyUrl = z
  .string()
  .regex(/^(?:http|socks5):\/\/(?:[^\s:@/]+@)?(?:\[[0-9a-fA-F:.]+\]|[^\s:@/]+):\d{1,5}\/?$/, 'Enter http://host:port or socks5://host:port, without a password.')
  .refine((url) => Number(/:(\d+)\/?$/.exec(url)?.[1] ?? 0) <= 65_535, 'A port is between 1 and 65535.')

/** An https URL without credentials, query or fragment. */
export const httpsUrl = z
  .string()
  .max(2000)
  .regex(/^https:\/\/[^\s@?#/]+(?:\/[^\s@?#]*)?$/, 'Enter a URL that begins with https://, without user name and without ?.')

/** Host, port and origin of an https URL (RFC 3986 3.2); null where it is none. IPv6 addresses come without brackets. */
export function urlPlace(url: string | undefined): { host: string; port: number; origin: string } | null {
  const found = /^https:\/\/(\[[0-9a-f:.]+\]|[^\s@:/?#[\]]+)(?::(\d{1,5}))?(?=$|\/)/i.exec(url ?? '')
  const [, host = '', port] = found ?? []
  if (found === null || Number(port ?? 443) > 65_535) return null
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? 443), origin: found[0].toLowerCase() }
}

export const oauthProviders = ['microsoft', 'google', 'other'] as const
export type OAuthProvider = (typeof oauthProviders)[number]
export const oauthFlows = ['interactive', 'device-code', 'client-credentials'] as const
export type OAuthFlow = (typeof oauthFlows)[number]

/** How to sign in. What a method or provider does not use is left out; `oauth.ts` fills in what follows from the rest. */
export const auth = z.strictObject({
  method: z.enum(authMethods),
  user: z.string().max(320, 'A user name has at most 320 characters.').default(''),
  provider: z.enum(oauthProviders).optional(),
  flow: z.enum(oauthFlows).optional(),
  /** Sign-in host of the cloud, without the tenant: https://login.microsoftonline.com. */
  authority: z.string().max(2000).optional(),
  /** Tenant id or a verified domain of it. */
  tenant: z.string().max(255).optional(),
  clientId: z.string().max(255).optional(),
  authorizationUrl: z.string().max(2000).optional(),
  tokenUrl: z.string().max(2000).optional(),
  deviceUrl: z.string().max(2000).optional(),
  redirectUrl: z.string().max(2000).optional(),
  scope: z.array(z.string().max(500)).max(50).optional(),
  /** Google service account and the user it acts for. */
  account: z.string().max(320).optional(),
  subject: z.string().max(320).optional(),
  secret: secretSource.default('keychain'),
  /** Day on which the client secret expires, as the provider says (YYYY-MM-DD). */
  secretExpires: z.string().max(30).optional()
})
export type Auth = z.infer<typeof auth>
