import type { Problem } from '#contract/problem.ts'
import { secretPattern } from './secret-pattern.ts'

const mask = '•••'
const mechanism = 'PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|NTLM|GSSAPI|CRAM-MD5|DIGEST-MD5|SCRAM-[A-Z0-9-]+'

/** Each row takes a secret out of a text by its surroundings, in time that grows with its length alone; what stays is enough to see what was sent. */
const rules: readonly (readonly [RegExp, string])[] = [
  // SMTP AUTH (RFC 4954), IMAP AUTHENTICATE (RFC 9051 6.2.2), POP3 AUTH (RFC 5034): mechanism stays, initial response goes.
  // A list of mechanisms as the server offers it is left alone.
  [new RegExp(`\\b(AUTH(?:ENTICATE)?)[ \\t]+(${mechanism})[ \\t]+(?!(?:${mechanism})\\b(?![=]))[^\\s•]+`, 'gi'), `$1 $2 ${mask}`],
  // Header fields that carry credentials or sessions (RFC 9110 11.6.2, 11.7.2; RFC 6265).
  [/\b((?:Proxy-)?Authorization|(?:Set-)?Cookie2?)([ \t]*:[ \t]*)(?:(Basic|Bearer|NTLM|Negotiate|Digest)[ \t]+)?[^\r\n•]+/gi, `$1$2$3 ${mask}`],
  // IMAP LOGIN with a literal (RFC 3501 4.3).
  [/\b(LOGIN[ \t]+\S+[ \t]+\{\d+\+?\}\r?\n)[^\r\n]+/gi, `$1${mask}`],
  // IMAP LOGIN with its user name, quoted or not.
  [new RegExp(`\\b(LOGIN[ \\t]+(?!(?:(?:${mechanism})[ \\t]*){1,20}$)(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s"]+)[ \\t]+)(?:"(?:[^"\\\\]|\\\\.)*"|\\S+)`, 'gim'), `$1${mask}`],
  [/^((?:[^\r\n]{0,40}?[>:][ \t]*)?(?:PASS|APOP[ \t]+\S+)[ \t]+)[^\r\n]+/gm, `$1${mask}`],
  [/\b(Bearer|Basic|NTLM|Negotiate)[ \t]+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${mask}`],
  [/([a-z][a-z0-9+.-]{0,40}:\/\/[^\s:@/]*):[^\s@/]+@/gi, `$1:${mask}@`],
  [/((?:^|[?&\s"'])(?:token|access_token|refresh_token|id_token|code|device_code|code_verifier|client_secret|client_assertion|assertion|password|key|sig|signature)=)[^&\s"'<>]+/gi, `$1${mask}`],
  [/("[a-z_]{0,60}?(?:password|passphrase|secret|token|passwd|private_key|assertion|device_code|code_verifier)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${mask}"`],
  [/((?:password|passphrase|passwd|secret|token)\s*[=:]\s*)(?!["'•])[^\s,;&"']+/gi, `$1${mask}`],
  [/(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, `$1 ${mask} $2`]
]

/** Takes secrets out of a text: the given ones in clear, base64 and URL form, and whatever looks like one. */
export function redact(text: string, secrets: readonly string[] = []): string {
  return rules.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), withoutSecrets(text, secrets))
}

/** Takes the given secrets out of a text in every encoding of `secret-pattern.ts`, long ones also where the text ends in the middle of them. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  const known = [...secrets].filter((secret) => secret.length >= 3).sort((a, b) => b.length - a.length)
  return known.reduce((rest, secret) => (secret.length < longSecret ? rest : cutOff(rest, secret)).replace(secretPattern(secret), mask), text)
}

/** A problem in which the other side's words hold none of the secrets. */
export function problemWithoutSecrets(problem: Problem, secrets: Iterable<string>): Problem {
  if ('serverSaid' in problem) return { ...problem, serverSaid: withoutSecrets(problem.serverSaid, secrets) }
  return 'reason' in problem ? { ...problem, reason: withoutSecrets(problem.reason, secrets) } : problem
}

/** From this length on the beginning of a secret is told apart from other words. */
const longSecret = 40
const beginning = 16

function cutOff(text: string, secret: string): string {
  const at = text.lastIndexOf(secret.slice(0, beginning))
  return at >= 0 && secret.startsWith(text.slice(at)) ? `${text.slice(0, at)}${mask}` : text
}

const secretKey = /secret|passphrase|password|passwd|token|private_?key|^(?:dkimKey|code|pin|current)$/i

/** The values under secret-looking keys anywhere in an input, so that they can be taken out of what is logged about it. */
export function secretsIn(input: unknown, depth = 0): string[] {
  if (depth > 6 || typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([key, value]) => (typeof value === 'string' ? (secretKey.test(key) ? [value] : []) : secretsIn(value, depth + 1)))
}
