import type { CredentialStore } from './credentials/credential-store.ts'
import { defaultLimits } from './mail/connection/destination.ts'
import { createHttpClient } from './mail/connection/http-client.ts'
import { createSignIn } from './sign-in/create-sign-in.ts'
import { googleIssuer } from './sign-in/google.ts'
import { microsoftIssuer } from './sign-in/microsoft.ts'
import { otherIssuer } from './sign-in/other-provider.ts'
import { serviceAccountIssuer } from './sign-in/service-account.ts'
import type { SignIn } from './sign-in/sign-in.ts'

/** Signing in with every issuer of tokens, over HTTP that goes each server's own way. */
export const composeSignIn = (credentials: CredentialStore, now: () => Date): SignIn =>
  createSignIn({
    store: credentials, now, issuers: { microsoft: microsoftIssuer, google: googleIssuer, other: otherIssuer, 'service-account': serviceAccountIssuer },
    httpFor: (route, signal) => createHttpClient({ route, attempt: { signal, limits: defaultLimits }, transcript: null })
  })
