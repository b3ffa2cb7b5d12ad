import type { Peer, Problem } from '#contract/problem.ts'

/** Where in the dialogue of RFC 5321 a reply was given. */
export type SmtpStage = 'greeting' | 'ehlo' | 'sign-in' | 'sender' | 'recipient' | 'message'

/**
 * A reply that is not what was hoped for, with its text as sent; `addresses` are the sender or the recipients it is about, `sender` is that of the
 * message, `size` its bytes and `limit` what the server takes, 0 where it did not say.
 */
export type SmtpRefusal = { stage: SmtpStage; said: string; server: string; user: string; peer: Peer; encrypted: boolean; addresses: string[]; offered: string[]; sender: string; size: number; limit: number }

/** The problem behind a reply, by reply code (RFC 5321 4.2.3) and enhanced status code (RFC 3463, RFC 4954 section 6). */
export const smtpProblem = (refusal: SmtpRefusal): Problem => {
  const { said, server, peer, encrypted } = refusal
  const { code, enhanced } = codesOf(said)
  if (code === 0) return { code: 'not-a-mail-server', ...peer, expected: 'SMTP', serverSaid: said }
  if (!encrypted && (code === 538 || enhanced === '5.7.11' || (code === 530 && wantsEncryption(said)))) return { code: 'sign-in-needs-encryption', server, serverSaid: said }
  // Any command of a mail may be answered so (RFC 4954 6): it is the sign-in that is missing, whatever the mail.
  if (code === 530 && refusal.stage !== 'greeting' && refusal.stage !== 'ehlo') return { code: 'credentials-refused', server, user: refusal.user === '' ? 'nobody' : refusal.user, serverSaid: said }
  return byStage[refusal.stage](refusal, code, enhanced, { code: 'server-busy', ...peer, serverSaid: said })
}

/** Reply code, 0 where there is none, and enhanced status code of the last line. */
export const codesOf = (said: string): { code: number; enhanced: string } => {
  const match = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/.exec(said.split(/\r?\n/).at(-1) ?? '')
  return { code: Number(match?.[1] ?? 0), enhanced: match?.[2] ?? '' }
}

type Rule = (refusal: SmtpRefusal, code: number, enhanced: string, busy: Problem) => Problem

const atConnection: Rule = ({ peer, said }, code, _enhanced, busy) => (code < 500 ? busy : { code: 'server-refused', ...peer, serverSaid: said })

const byStage: Record<SmtpStage, Rule> = {
  greeting: atConnection,
  ehlo: atConnection,
  'sign-in': ({ server, user, said, offered }, code, enhanced, busy) => {
    if (code === 504 || code === 502 || code === 503 || enhanced === '5.5.4') return { code: 'sign-in-method-not-offered', server, offered }
    // 432: a password transition is needed (RFC 4954); waiting does not help.
    if (code < 500 && code !== 432) return busy
    return { code: 'credentials-refused', server, user, serverSaid: said }
  },
  sender: (refusal, code, enhanced, busy) => {
    // RFC 5321 4.2.3: the service is closing, whatever the mail. At RCPT it is often a policy for one address.
    if (code === 421) return busy
    if (code < 500) return byStage.message(refusal, code, enhanced, busy)
    if (isAboutSize(code, enhanced) || enhanced.startsWith('5.6.')) return byStage.message(refusal, code, enhanced, busy)
    return { code: 'sender-refused', server: refusal.server, sender: refusal.addresses[0] ?? '', serverSaid: refusal.said }
  },
  recipient: (refusal, code, enhanced, busy) =>
    // Postfix says at RCPT what it has against the sender (smtpd_delay_reject, postfix.org/postconf.5.html).
    code >= 500 && (enhanced === '5.1.7' || enhanced === '5.1.8' || /sender address rejected/i.test(refusal.said)) ? { code: 'sender-refused', server: refusal.server, sender: refusal.sender, serverSaid: refusal.said }
    : code < 500 ? byStage.message(refusal, code, enhanced, busy) : { code: 'recipient-refused', server: refusal.server, recipients: refusal.addresses, serverSaid: refusal.said },
  message: ({ server, said, sender, size, limit }, code, enhanced) => {
    if (code < 500) return { code: 'mail-deferred', server, serverSaid: said }
    // Exchange finds out about the sender when the message is there.
    if (enhanced === '5.7.60' || /SendAsDenied/i.test(said)) return { code: 'sender-refused', server, sender, serverSaid: said }
    return isAboutSize(code, enhanced) && limit > 0 ? { code: 'mail-too-large', server, size, limit, serverSaid: said } : { code: 'mail-refused', server, serverSaid: said }
  }
}

/** 552 and 5.3.4 mean the size (RFC 1870), 5.2.3 too; 5.2.2 is a full mailbox. */
const isAboutSize = (code: number, enhanced: string): boolean => (code === 552 && enhanced !== '5.2.2') || enhanced === '5.3.4' || enhanced === '5.2.3'
const wantsEncryption = (said: string): boolean => /starttls|\btls\b|\bssl\b|encrypt|secure/i.test(said)
