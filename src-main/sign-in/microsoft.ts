import type { TokenIssuer } from './token-issuer.ts'

// MSAL takes 30 MB of memory: only a console that has a server of Microsoft pays for it.
const load = async (): Promise<TokenIssuer> => (await import('./microsoft-by-msal.ts')).msalIssuer

/** Tokens of Microsoft Entra, as `microsoft-by-msal.ts` gets them. */
export const microsoftIssuer: TokenIssuer = {
  interactively: async (...given) => (await load()).interactively(...given),
  byDeviceCode: async (...given) => (await load()).byDeviceCode(...given),
  byRefreshToken: async (...given) => (await load()).byRefreshToken(...given),
  asApplication: async (...given) => (await load()).asApplication(...given)
}
