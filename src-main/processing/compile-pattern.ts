import { RE2JS, RE2Set } from 're2js'

/** `found` says whether the expression is found anywhere in a text; `problem` in words why it is none. */
export type CompiledPattern = { found: (text: string) => boolean; size: number; problem: null } | { found: null; size: 0; problem: string }

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

/** Finds the first of some expressions, those that are none left out: many of them at once in one walk through the text. */
export function compilePatterns(patterns: readonly string[]): (text: string) => string | null {
  const usable = patterns.map((pattern) => ({ pattern, ...compilePattern(pattern) })).filter(({ found }) => found !== null)
  const size = usable.reduce((sum, one) => sum + one.size, 0)
  // Where the walk needs too many states it falls back to trying all instructions at every letter.
  if (usable.length < 2 || size > mostInstructions) return (text) => usable.find(({ found }) => found?.(text))?.pattern ?? null
  const set = new RE2Set(RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE, mostMemory)
  for (const { pattern } of usable) set.add(pattern)
  return (text) => usable[Math.min(...set.match(firstPart(text, size)))]?.pattern ?? null
}

const compiled = new Map<string, CompiledPattern>()
const mostKept = 5_000
/** Instructions of the compiled expression; one beyond that could take seconds for one message. */
const mostInstructions = 1_000
/** Instructions times characters that are looked at. */
const mostWork = 20_000_000
/** Bytes for the states of expressions that are looked for together. */
const mostMemory = 1 << 20

const firstPart = (text: string, size: number): string => text.slice(0, Math.floor(mostWork / Math.max(size, 1)))

function compile(pattern: string): CompiledPattern {
  try {
    const expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    const size = expression.programSize()
    if (size > mostInstructions) return { found: null, size: 0, problem: `The expression is too large: repetitions make ${size} instructions of it, at most ${mostInstructions} are possible.` }
    return { found: (text) => expression.test(firstPart(text, size)), size, problem: null }
  } catch (error) {
    return { found: null, size: 0, problem: `This is no regular expression (RE2): ${reasonOf(error)}` }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // The flag for case is put before the expression by the library.
  return `${error.message.replace(/^error parsing regexp: /, '').replace('`(?i)', '`').slice(0, 300)}.`
}
