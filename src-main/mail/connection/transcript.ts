import { createLineRedactor } from '../../log/redact-lines.ts'
import { withoutMessage } from './without-message.ts'

/** Writes a protocol conversation with secrets and messages taken out at the source. `note` is for what happens besides lines. */
export type Transcript = { client(line: string): void; server(line: string): void; note(text: string): void }

/** Lines are cut here: characters. */
export const transcriptLimits = { line: 4_000 }

/**
 * A transcript that hands each line to `write`, prefixed `C: `, `S: ` or `-- `. Arguments of LOGIN, PASS, APOP and AUTH, and every client line
 * while a sign-in is under way, are replaced; so is the secret wherever else it turns up, and what a FETCH brings of a message. null where nobody listens.
 */
export function createTranscript(write: ((line: string) => void) | null, secret: string | null): Transcript | null {
  if (write === null) return null
  const redacted = createLineRedactor(() => (secret === null ? [] : [secret]))
  let signingIn = false
  const emit = (prefix: string, text: string): void => write(redacted(`${prefix}${printable(text)}`).slice(0, transcriptLimits.line))
  return {
    client(line) {
      emit('C: ', signingIn ? '(hidden)' : redactCommand(line))
      signingIn ||= startsSignIn(line)
    },
    server(line) {
      if (signingIn && endsSignIn(line)) signingIn = false
      emit('S: ', withoutMessage(line))
    },
    note: (text) => emit('-- ', text)
  }
}

/** A client's command line without the arguments that could be secrets (IMAP LOGIN and AUTHENTICATE, POP3 PASS, APOP and AUTH, SMTP AUTH). */
export function redactCommand(line: string): string {
  return line
    .replace(/^(\S+ LOGIN)\s.*$/is, '$1 (hidden)')
    .replace(/^(\S+ AUTHENTICATE \S+)\s.*$/is, '$1 (hidden)')
    .replace(/^(AUTH \S+)\s.*$/is, '$1 (hidden)')
    .replace(/^(PASS|APOP)\s.*$/is, '$1 (hidden)')
}

function startsSignIn(line: string): boolean {
  return /^(?:\S+ AUTHENTICATE|AUTH|\S+ LOGIN)\s/i.test(line)
}
function endsSignIn(line: string): boolean {
  return !/^(?:\+ |\+$|334|\* )/.test(line)
}
function printable(text: string): string {
  // Control characters would let a server write to the reader's terminal.
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]+/g, ' ')
}
