import { RE2JS } from 're2js'

/** `found` says whether the expression is found anywhere in a text; `problem` in words why it is none. */
export type CompiledPattern = { found: (text: string) => boolean; problem: null } | { found: null; problem: string }

/**
 * Compiles a regular expression of RE2 (https://github.com/google/re2/wiki/Syntax), case-insensitive: it takes time that grows with the text
 * alone, whatever the expression is. The most recent ones are kept compiled.
 */
export function compilePattern(pattern: string): CompiledPattern {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = compile(pattern)
  // Kept in the order in which they came: what was first goes first.
  if (compiled.size >= mostKept) for (const oldest of compiled.keys()) if (compiled.delete(oldest)) break
  compiled.set(pattern, made)
  return made
}

const compiled = new Map<string, CompiledPattern>()
const mostKept = 5_000
/** Instructions of the compiled expression; one beyond that could take seconds for one message. */
const mostInstructions = 1_000
/** Instructions times characters that are looked at. */
const mostWork = 20_000_000

function compile(pattern: string): CompiledPattern {
  try {
    const expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    const size = expression.programSize()
    if (size > mostInstructions) return { found: null, problem: `The expression is too large: repetitions make ${size} instructions of it, at most ${mostInstructions} are possible.` }
    const mostCharacters = Math.floor(mostWork / Math.max(size, 1))
    return { found: (text) => expression.test(text.length > mostCharacters ? text.slice(0, mostCharacters) : text), problem: null }
  } catch (error) {
    return { found: null, problem: `This is no regular expression (RE2): ${reasonOf(error)}` }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // The flag for case is put before the expression by the library.
  return `${error.message.replace(/^error parsing regexp: /, '').replace('`(?i)', '`').slice(0, 300)}.`
}
