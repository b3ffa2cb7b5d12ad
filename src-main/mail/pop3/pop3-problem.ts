import type { Auth } from '#contract/fields.ts'
import type { Peer, Problem } from '#contract/problem.ts'
import { mailboxDenied, saysNotConnected } from '../mailbox-denied.ts'

/** What a POP3 server refused. `said` is its answer without `-ERR`; response codes are those of RFC 2449 and RFC 3206. */
export type Pop3Refusal = { command: 'greeting' | 'sign-in' | (string & {}); said: string; server: string; user: string; auth: Auth; peer: Peer; encrypted: boolean }

/** The problem behind a refusal: first by response code, then by the words that servers without codes use. */
export const pop3Problem = ({ command, said, server, user, auth, peer, encrypted }: Pop3Refusal): Problem => {
  const code = /^\[([A-Z0-9/-]+)\]/i.exec(said)?.[1]?.toUpperCase() ?? ''
  const busy: Problem = { code: 'server-busy', ...peer, serverSaid: said }
  if (saysNotConnected(said)) return mailboxDenied({ server, mailbox: user, auth, serverSaid: said })
  if (code === 'SYS/TEMP' || code === 'LOGIN-DELAY') return busy
  if (code === 'IN-USE') return { code: 'mailbox-locked', server, serverSaid: said }
  if (code === 'SYS/PERM') return { code: 'server-refused', ...peer, serverSaid: said }
  if (command === 'greeting') return saysBusy(said) ? busy : { code: 'server-refused', ...peer, serverSaid: said }
  if (command !== 'sign-in') return saysTemporary(said) ? busy : { code: 'command-refused', server, command, serverSaid: said }
  // Dovecot sends [AUTH] for this one too.
  if (!encrypted && wantsEncryption(said)) return { code: 'sign-in-needs-encryption', server, serverSaid: said }
  if (code === 'AUTH') return { code: 'credentials-refused', server, user, serverSaid: said }
  if (saysLocked(said)) return { code: 'mailbox-locked', server, serverSaid: said }
  return saysBusy(said) ? busy : { code: 'credentials-refused', server, user, serverSaid: said }
}

/** Whether the answer to RETR means that the message is gone, by another session or by the server's clean-up. */
export const saysMessageGone = (said: string): boolean => /no such message|there'?s no message|(?:does not|doesn'?t) exist|invalid message|unknown message|expunged|already (?:been )?deleted|is deleted/i.test(said)

const wantsEncryption = (said: string): boolean => /plain-?text|cleartext|encrypt|\btls\b|\bssl\b|\bstls\b|secure connection/i.test(said)
const saysLocked = (said: string): boolean => /\block(?:ed)?\b|\bin use\b|another (?:pop3? )?session|already (?:open|logged in)/i.test(said)
const saysTemporary = (said: string): boolean => /temporar|try (?:again )?later|internal error|unavailable/i.test(said)
const saysBusy = (said: string): boolean => saysTemporary(said) || /too many|busy|overload|rate ?limit|exceeded|wait (?:a|before|\d)/i.test(said)
