import type { ConnectionSecrets } from '../src-main/mail/incoming-transport.ts'

/** A sign-in by password, without proxy and client key. */
export const passwordConnection = (user: string, secret: string): ConnectionSecrets => ({ credentials: { kind: 'password', user, secret }, proxyPassword: null, clientKeyPassphrase: null })
