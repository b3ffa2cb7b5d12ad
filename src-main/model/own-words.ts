/**
 * What the sender of a mail wrote: its text without the lines quoted with `>`, up to where an earlier message is attached below (RFC
 * 3676 4.5 for the first; the header blocks and dividers of mail programs for the second). For forwarded mail, what the message
 * says that was forwarded.
 */
export function ownWords(text: string, isForwarded = false): string {
  const lines = text.slice(0, longest).split('\n')
  const divider = lines.findIndex((_, index) => dividesAt(lines, index))
  if (divider < 0 || !isForwarded) return unquoted(divider < 0 ? lines : lines.slice(0, divider))
  const blank = lines.findIndex((line, index) => index > divider && line.trim() === '')
  const below = blank < 0 ? [] : lines.slice(blank)
  const next = below.findIndex((_, index) => dividesAt(below, index))
  return unquoted(next < 0 ? below : below.slice(0, next))
}

/** Characters that are looked through; commands stand at the beginning of a text. */
const longest = 100_000

const unquoted = (lines: readonly string[]): string => lines.filter((line) => !/^\s{0,3}>/.test(line)).join('\n')

const divider =
  /^[\s*_]{0,4}-{2,20}\s?(?:original message|forwarded message|ursprüngliche nachricht|original-nachricht|weitergeleitete nachricht|message d['’]origine|message original|message transféré|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|ursprungligt meddelande|vidarebefordrat meddelande)\b/i
const author = /^[\s*]{0,4}(?:from|von|de|da|van|från|fra|od)\s?:/i
const sentOn = /^[\s*]{0,4}(?:sent|date|gesendet|datum|envoyé|enviado|enviada|fecha|data|inviato|verzonden|skickat|sendt|dato|wysłano)\s?:/i

function dividesAt(lines: readonly string[], index: number): boolean {
  const line = (lines[index] ?? '').slice(0, 200)
  return divider.test(line) || (author.test(line) && lines.slice(index + 1, index + 4).some((next) => sentOn.test(next.slice(0, 200))))
}
