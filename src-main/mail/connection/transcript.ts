/** Writes a protocol conversation with secrets taken out at the source. `note` is for what happens besides lines. */
export type Transcript = { client(line: string): void; server(line: string): void; note(text: string): void }

/** Redacted transcripts are cut here: characters of a line, and characters of one connection. */
export const transcriptLimits = { line: 1_000, total: 1_000_000 }

/**
 * A transcript that hands each line to `write`, prefixed `C: `, `S: ` or `-- `. Arguments of LOGIN, PASS, APOP and AUTH, and every client line
 * while a sign-in is under way, are replaced; so is the secret wherever else it turns up. null where nobody listens.
 */
export function createTranscript(write: ((line: string) => void) | null, secret: string | null): Transcript | null {
  if (write === null) return null
  let left = transcriptLimits.total
  let signingIn = false
  const emit = (prefix: string, text: string): void => {
    if (left <= 0) return
    const shown = `${prefix}${cut(withoutSecret(printable(text), secret))}`
    left -= shown.length
    write(left > 0 ? shown : '-- The transcript of this connection ends here: it is full.')
  }
  return {
    client(line) {
      emit('C: ', signingIn ? '(hidden)' : redactCommand(line))
      signingIn ||= startsSignIn(line)
    },
    server(line) {
      if (signingIn && endsSignIn(line)) signingIn = false
      emit('S: ', line)
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
function withoutSecret(text: string, secret: string | null): string {
  if (secret === null || secret.length < 4) return text
  return formsOf(secret).reduce((shown, form) => shown.replaceAll(form, '(hidden)'), text)
}
/** The secret, and what it looks like in base64 wherever in the encoded text it begins. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const encoded = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').slice(before === 0 ? 0 : before + 1).replace(/.=+$/, ''))
  return [secret, ...encoded.filter((form) => form.length >= 4)]
}
function printable(text: string): string {
  // Control characters would let a server write to the reader's terminal.
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]+/g, ' ')
}
function cut(text: string): string {
  return text.length > transcriptLimits.line ? `${text.slice(0, transcriptLimits.line)} … (${text.length} characters)` : text
}
