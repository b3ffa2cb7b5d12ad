import type { OAuthSettings } from '#contract/oauth.ts'

/** Whether the issuer had to give a refresh token: without one the sign-in ends with its first access token. */
export const wantsRefreshToken = ({ provider, flow, scope }: Pick<OAuthSettings, 'provider' | 'flow' | 'scope'>): boolean =>
  flow !== 'client-credentials' && (provider !== 'other' || scope.includes('offline_access'))
