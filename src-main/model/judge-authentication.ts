import type { AuthenticationResult, MailAuthentication } from '#contract/authentication.ts'

/** A result with the domain it is for; `aligned`: that domain and the one in From belong together (RFC 7489 3.1, relaxed). */
export type JudgedResult = { result: AuthenticationResult; domain: string; aligned: boolean }
export type JudgedMail = { spf: JudgedResult; dkim: readonly JudgedResult[]; dmarc: MailAuthentication['dmarc'] }

/**
 * Sums up what was found: `fail` where DMARC fails, or, without a DMARC record, SPF fails and no signature is good; `unknown` where the
 * answer that was missing could have made it pass. A message with several authors' domains fails (RFC 7489 6.6.1, result `permerror`).
 */
export function judgeAuthentication({ spf, dkim, dmarc }: JudgedMail): MailAuthentication['verdict'] {
  if (dmarc.result === 'pass') return 'pass'
  if (dmarc.result === 'permerror') return 'fail'
  const all = [spf, ...dkim]
  const unanswered = all.some(({ result, aligned }) => aligned && result === 'temperror')
  if (dmarc.result === 'fail') return unanswered ? 'unknown' : 'fail'
  if (all.some(({ result, aligned }) => aligned && result === 'pass')) return 'pass'
  if (dmarc.result === 'temperror' || unanswered) return 'unknown'
  if (spf.result === 'fail' && dkim.every(({ result }) => result !== 'pass')) return 'fail'
  return 'none'
}
