import { redact } from './redact.ts'
import { writtenForms } from './secret-pattern.ts'

const mask = '•••'
/** Less than this of a secret at the end of a line tells nobody anything. */
const telling = 4

/**
 * Takes secrets out of line after line of one conversation: `secrets` in every encoding, whatever looks like a secret, and what is split over
 * lines of the same side. A line begins with who says it, such as `S: `.
 */
export function createLineRedactor(secrets: () => Iterable<string>): (line: string) => string {
  /** What has to follow, by side, where the line before ended in the middle of a secret. */
  const expected = new Map<string, string[]>()
  return (line) => {
    const [, side = '', text = ''] = /^((?:C|S|--):? |)([\s\S]*)$/.exec(line) ?? []
    const known = [...secrets()].filter((secret) => secret.length >= 3)
    const forms = known.flatMap(writtenForms)
    const { rest, still } = afterSplit(text, [...(expected.get(side) ?? []), ...forms.flatMap(almostWhole)])
    const { kept, remainders } = withoutBeginning(rest, forms)
    expected.set(side, [...still, ...remainders])
    return `${side}${redact(kept, known)}`
  }
}

/** The line before may have ended with less of the secret than tells anything. */
const almostWhole = (form: string): string[] => (form.length < 2 * telling ? [] : [1, 2, 3].map((without) => form.slice(without)))

/** The text without the rest of a secret at its beginning; `still`: what has to follow after a line that is all secret. */
function afterSplit(text: string, expected: readonly string[]): { rest: string; still: string[] } {
  const whole = expected.filter((one) => text.startsWith(one)).sort((one, other) => other.length - one.length)[0]
  if (whole !== undefined) return { rest: `${mask}${text.slice(whole.length)}`, still: [] }
  const middle = expected.filter((one) => text.length >= telling && one.startsWith(text))
  return middle.length === 0 ? { rest: text, still: [] } : { rest: mask, still: middle.map((one) => one.slice(text.length)) }
}

/** The text without the beginning of a secret at its end, and what of that secret has to follow. */
function withoutBeginning(text: string, forms: readonly string[]): { kept: string; remainders: string[] } {
  let cut = text.length
  const remainders: string[] = []
  for (const form of forms) {
    const begin = form.slice(0, Math.min(telling, form.length - 1))
    for (let at = text.indexOf(begin, Math.max(0, text.length - form.length)); at >= 0; at = text.indexOf(begin, at + 1)) {
      if (!form.startsWith(text.slice(at))) continue
      cut = Math.min(cut, at)
      if (form.length > text.length - at) remainders.push(form.slice(text.length - at))
      break
    }
  }
  return cut === text.length ? { kept: text, remainders } : { kept: `${text.slice(0, cut)}${mask}`, remainders }
}
