import { appleMarkers, blockLabels, forwardTitles, fromLabels, originalTitles } from '../parsing/forward-words.ts'

/** Characters that are looked through; commands stand at the beginning of a text. */
const longest = 100_000

/**
 * What the sender of a mail wrote: its text without the lines quoted with `>` (RFC 3676 4.5), up to where a mail program put an
 * earlier message below, by the dividers and header blocks of their languages.
 */
export function ownWords(text: string): string {
  const lines = text.slice(0, longest).split('\n')
  const divider = lines.findIndex((_, index) => dividesAt(lines, index))
  return unquoted(divider < 0 ? lines : lines.slice(0, divider))
}

const unquoted = (lines: readonly string[]): string => lines.filter((line) => !/^\s{0,3}>/.test(line)).join('\n')

const ruler = /^[ \t*]{0,8}[-_=]{2,20}[ \t]{0,3}(\S.{2,58}?)[ \t]{0,3}[-_=]{2,20}[ \t*\r]{0,8}$/
const labelled = /^[ \t*_]{0,8}([^:：*_]{1,30}?)[ \t\u00a0*_]{0,4}[:：]/

/** The line that Outlook draws above the header of the message that is answered. */
const drawn = /^[ \t]*_{20,}[ \t\r]*$/
/** `On Monday, 2 November 2026, Ann <ann@example.com> wrote:` in the languages of mail programs. */
const attribution = /(?:^|[^\p{L}])(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|napisał|napisała|napisał\(a\)|skrev|kirjoitti|napsal|napsala|írta|написал|написала|пишет|написав|yazdı|写道|寫道|のメッセージ)(?:[^\p{L}]|$)/iu

/** Whether a divider, a header block of at least three lines, or what is answered without a sign at its lines, begins at this line. */
function dividesAt(lines: readonly string[], index: number): boolean {
  const line = (lines[index] ?? '').slice(0, 200)
  if (drawn.test(line) && lines.slice(index + 1, index + 4).some((next) => fromLabels.has(labelOf(next.slice(0, 200)) ?? ''))) return true
  if (isAttribution(lines, index)) return true
  const title = ruler.exec(line)?.[1]?.toLowerCase()
  if (title !== undefined && (forwardTitles.has(title) || originalTitles.has(title))) return true
  const label = labelOf(line)
  if (label === null) return false
  if (appleMarkers.has(label)) return true
  return fromLabels.has(label) && lines.slice(index + 1, index + 5).filter((next) => blockLabels.has(labelOf(next.slice(0, 200)) ?? '')).length >= 2
}

const beginning = /^(?:on|am|le|el|il|em|op|w dniu|dnia|den|dne|kl)\s/iu
/** A line of up to three that says who wrote what follows, where that is not marked with `>`: marked lines say for themselves whose they are. */
function isAttribution(lines: readonly string[], index: number): boolean {
  const first = (lines[index] ?? '').slice(0, 300)
  if (!/^[\p{L}\d<"]/u.test(first)) return false
  const begins = beginning.test(first)
  const length = (begins ? [1, 2, 3] : [1]).find((count) => /[:：][ \t\r]*$/.test((lines[index + count - 1] ?? '').slice(-20)) && (lines[index + count - 1] ?? '').length < 300)
  if (length === undefined) return false
  const said = lines.slice(index, index + length).map((line) => line.slice(0, 300)).join(' ')
  if (!attribution.test(said) || !(begins || /[\d@]/.test(said))) return false
  const next = lines.slice(index + length, index + length + 5).find((line) => line.trim() !== '')
  return next !== undefined && !/^\s{0,3}>/.test(next)
}

const labelOf = (line: string): string | null => labelled.exec(line)?.[1]?.trim().toLowerCase() ?? null
