/** Results of RFC 8601 2.7 as far as they matter here. */
export type AuthenticationResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror'

/**
 * Whether the sender's domain stands for a message: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489). `domain` is what was checked;
 * `verdict` sums up: `fail` where DMARC fails, or, without a DMARC record, SPF fails and no signature is good; `unknown` where DNS gave no answer.
 */
export type MailAuthentication = {
  verdict: 'pass' | 'fail' | 'none' | 'unknown'
  spf: { result: AuthenticationResult; domain: string }
  dkim: { result: AuthenticationResult; domain: string }[]
  dmarc: { result: AuthenticationResult; domain: string; policy: string }
  /** `checked` here, or taken from the Authentication-Results of a server that is trusted. */
  by: 'checked' | 'trusted-server'
}
