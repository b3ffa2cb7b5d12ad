import type { Problem } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import { defaultLimits } from '../mail/connection/destination.ts'
import { createHttpClient } from '../mail/connection/http-client.ts'
import { createSignIn } from '../sign-in/create-sign-in.ts'
import type { SignIn } from '../sign-in/sign-in.ts'

/** Signing in with every issuer of tokens, over HTTP that goes each server's own way. */
export const composeSignIn = (credentials: CredentialStore, now: () => Date, refused: (kind: 'incoming' | 'outgoing', name: string, problem: Problem) => void): SignIn =>
  createSignIn({
    store: credentials, now, alert: refused,
    httpFor: (route, signal) => createHttpClient({ route, attempt: { signal, limits: defaultLimits }, transcript: null })
  })
