import { isScalar, Lexer, LineCounter, parseDocument, visit, type Document, type ErrorCode, type ParsedNode } from 'yaml'
import type { InputIssue } from '#contract/problem.ts'

/** A parsed YAML 1.2 document, or one made of a CSV file, and where in the text something of it stands. Lines and columns count from 1. */
export type YamlDocument = { document: Document; placeAt: (offset: number) => Place }
export type Place = { line: number; column: number }

/** Largest configuration file in bytes. */
export const largestFile = 16_000_000

/**
 * Reads a text as YAML or says what is wrong with it, all faults at once. No message repeats what stands in the file: it could be a
 * secret. Anchors are refused beyond a few, so that a small file cannot stand for a huge one.
 */
export const readYaml = (text: string): { yaml: YamlDocument; issues: [] } | { yaml: null; issues: InputIssue[] } => {
  if (Buffer.byteLength(text) > largestFile) return refused('The file is larger than 16 MB; this is no configuration file.')
  const control = controlCharacter.exec(text)
  if (control !== null) return refused('There is a control character here; this is no YAML text file.', placeIn(text, control.index))
  const tooDeepAt = placeTooDeep(text)
  if (tooDeepAt !== null) return refused('The file is nested too deeply.', placeIn(text, tooDeepAt))
  const lines = new LineCounter()
  const document = parsed(text, lines)
  if (document === null) return refused('The file is nested too deeply.')
  const placeAt = (offset: number): Place => ({ line: Math.max(1, lines.linePos(offset).line), column: Math.max(1, lines.linePos(offset).col) })
  const issues = [...document.errors, ...document.warnings].map((fault): InputIssue => ({ path: '', message: wordsFor[fault.code], ...placeAt(fault.pos[0]) }))
  issues.push(...structureIssues(document, placeAt))
  return issues.length > 0 ? { yaml: null, issues: firstOfEachPlace(issues.sort(byPlace)).slice(0, mostIssues) } : { yaml: { document, placeAt }, issues: [] }
}

/** More faults than these are not shown at once. */
export const mostIssues = 100

export const byPlace = (one: InputIssue, other: InputIssue): number => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)

/** Characters that YAML 1.2 §5.1 does not allow. */
const controlCharacter = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f\\ufffe\\uffff]')

const firstOfEachPlace = (issues: readonly InputIssue[]): InputIssue[] =>
  issues.filter((issue, index) => issue.line !== issues[index - 1]?.line || issue.column !== issues[index - 1]?.column)

const refused = (message: string, place: Place = { line: 1, column: 1 }): { yaml: null; issues: InputIssue[] } => ({ yaml: null, issues: [{ path: '', message, ...place }] })

const placeIn = (text: string, offset: number): Place => {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

const parsed = (text: string, lineCounter: LineCounter): Document.Parsed<ParsedNode> | null => {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, schema: 'core', version: '1.2', uniqueKeys: false })
  } catch (thrown) {
    if (thrown instanceof RangeError) return null
    throw thrown
  }
}

const deepest = 100
const listsInOneLine = new RegExp(`^[ \\t]*(?:[-?:][ \\t]+){${deepest}}`, 'm')

/**
 * Where a text is nested too deeply, as an offset; null where it is not. The parser finds out only at the end of its stack, after many seconds. Brackets are
 * counted exactly where a rough count, which knows no quotes, is suspicious.
 */
function placeTooDeep(text: string): number | null {
  const lists = listsInOneLine.exec(text)
  if (lists !== null) return lists.index
  return offsetTooDeep(text.split(/(?=[[\]{}])|(?<=[[\]{}])/)) === null ? null : offsetTooDeep(new Lexer().lex(text))
}

function offsetTooDeep(pieces: Iterable<string>): number | null {
  let depth = 0
  let offset = 0
  for (const piece of pieces) {
    if (piece === '[' || piece === '{') depth += 1
    else if (piece === ']' || piece === '}') depth -= 1
    if (depth > deepest) return offset
    // The lexer marks documents, scalars and ends of lists by characters that are not in the text.
    if (!/^[\u0002\u0018\u001f]$/.test(piece)) offset += piece.length
  }
  return null
}

const mostAliases = 100

/** What the library does not check, or checks in a time that grows with the square of the file. */
const structureIssues = (document: Document.Parsed, placeAt: (offset: number) => Place): InputIssue[] => {
  const issues: InputIssue[] = []
  const add = (message: string, offset: number | undefined): void => void issues.push({ path: '', message, ...placeAt(offset ?? 0) })
  let aliases = 0
  visit(document, {
    Alias: (_, alias) => {
      if (++aliases === mostAliases + 1) add('There are too many aliases (`*name`) in this file.', alias.range?.[0])
    },
    Map: (_, map) => {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) add(wordsFor.DUPLICATE_KEY, key.range?.[0])
        seen.add(key.value)
      }
    }
  })
  return issues
}

const wordsFor: Record<ErrorCode, string> = {
  ALIAS_PROPS: 'An alias (`*name`) can have no anchor or tag.',
  BAD_ALIAS: 'This alias (`*name`) has no anchor, or is not finished.',
  BAD_COLLECTION_TYPE: 'This tag does not fit here. Tags are not needed in this file.',
  BAD_DIRECTIVE: 'This directive (`%`) is not known. Leave it out.',
  BAD_DQ_ESCAPE: 'This is no escape inside double quotes. Write a backslash as \\\\, or use single quotes.',
  BAD_INDENT: 'The indentation does not fit: indent what belongs together by the same number of spaces. Or a bracket before it is not closed.',
  BAD_PROP_ORDER: 'Anchor and tag stand in the wrong order.',
  BAD_SCALAR_START: 'A value cannot begin with this character. Put it in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Two values run into each other here. Is a line break, an indentation or a quote missing?',
  BLOCK_IN_FLOW: 'Inside { } and [ ] there is no indented list. Is a bracket not closed?',
  DUPLICATE_KEY: 'This key is given twice.',
  IMPOSSIBLE: 'This is not valid YAML.',
  KEY_OVER_1024_CHARS: 'This key is too long. Is a colon or a line break missing?',
  MISSING_CHAR: 'A character is missing here: a closing quote or bracket, a comma, or a space after a colon.',
  MULTILINE_IMPLICIT_KEY: 'A key must be on one line. Is a colon missing?',
  MULTIPLE_ANCHORS: 'There can be one anchor only.',
  MULTIPLE_DOCS: 'There is a second document (`---`) in this file. Use one file for each.',
  MULTIPLE_TAGS: 'There can be one tag only.',
  NON_STRING_KEY: 'A key must be plain text.',
  RESOURCE_EXHAUSTION: 'The file is nested too deeply.',
  TAB_AS_INDENT: 'There is a tab here. Indent with spaces.',
  TAG_RESOLVE_FAILED: 'This tag (`!…`) is not known. Tags are not needed in this file.',
  UNEXPECTED_TOKEN: 'This is not expected here. Is a quote, a bracket or a colon missing before it?'
}
