import type { OAuthProvider } from '#contract/fields.ts'
import { googleIssuer } from './google.ts'
import { microsoftIssuer } from './microsoft.ts'
import { otherIssuer } from './other-provider.ts'
import { serviceAccountIssuer } from './service-account.ts'
import type { TokenIssuer } from './token-issuer.ts'

export type Issuers = Readonly<Record<OAuthProvider | 'service-account', TokenIssuer>>

/** Who issues tokens, by the provider of a server; a service account has its own. */
export const tokenIssuers: Issuers = { microsoft: microsoftIssuer, google: googleIssuer, other: otherIssuer, 'service-account': serviceAccountIssuer }
