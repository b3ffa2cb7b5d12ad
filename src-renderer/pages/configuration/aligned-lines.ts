import { diffArrays } from 'diff'

export type Line = { number: number; text: string }
/** A row of a side-by-side view. `changed` has both sides, `added` only the right one, `removed` only the left one. */
export type AlignedRow =
  | { kind: 'same' | 'changed'; left: Line; right: Line }
  | { kind: 'added'; left: null; right: Line }
  | { kind: 'removed'; left: Line; right: null }

// Beyond so many changes between two anchors the lines are paired in their order: that is quick, and nobody reads such a place line by line.
const mostEdits = 500

/**
 * Two texts line by line beside each other. Lines that occur once on both sides, such as `- name: it`, are anchors (patience diff), and
 * between them lines of the same key belong together. Quick for hundreds of thousands of lines.
 */
export const alignLines = (left: string, right: string): AlignedRow[] => {
  const one = linesOf(left)
  const other = linesOf(right)
  const rows: AlignedRow[] = []
  let [i, j] = [0, 0]
  for (const [a, b] of [...anchorsOf(one, other), [one.length, other.length] as const]) {
    rows.push(...between(one.slice(i, a), other.slice(j, b)))
    const [l, r] = [one[a], other[b]]
    if (l && r) rows.push({ kind: 'same', left: l, right: r })
    ;[i, j] = [a + 1, b + 1]
  }
  return rows
}

/** The places where differences begin: runs of changed rows count as one. */
export const differencesAt = (rows: readonly { kind: string }[]): number[] => rows.flatMap(({ kind }, index) => (isDifference(kind) && !isDifference(rows[index - 1]?.kind ?? 'same') ? [index] : []))

export type Gap = { kind: 'gap'; count: number }

const around = 2

/** The differences with two lines around them; what is left out is one row that says how much. */
export const onlyDifferences = (rows: readonly AlignedRow[]): (AlignedRow | Gap)[] => {
  const near = new Uint8Array(rows.length)
  for (const [index, { kind }] of rows.entries()) if (kind !== 'same') near.fill(1, Math.max(0, index - around), index + around + 1)
  const kept: (AlignedRow | Gap)[] = []
  for (const [index, row] of rows.entries()) {
    const last = kept.at(-1)
    if (near[index] === 1) kept.push(row)
    else if (last?.kind === 'gap') last.count++
    else kept.push({ kind: 'gap', count: 1 })
  }
  return kept
}

const isDifference = (kind: string): boolean => kind === 'added' || kind === 'removed' || kind === 'changed'

const linesOf = (text: string): Line[] => {
  const texts = text.replace(/\r\n?/g, '\n').split('\n')
  if (texts.at(-1) === '') texts.pop()
  return texts.map((line, index) => ({ number: index + 1, text: line }))
}

/** Pairs of places of lines that are unique on both sides, growing on both. */
const anchorsOf = (one: readonly Line[], other: readonly Line[]): (readonly [number, number])[] => {
  const places = new Map<string, { left: number; right: number; lefts: number; rights: number }>()
  const at = (text: string) => {
    const known = places.get(text) ?? { left: 0, right: 0, lefts: 0, rights: 0 }
    places.set(text, known)
    return known
  }
  for (const [index, { text }] of one.entries()) Object.assign(at(text), { left: index, lefts: at(text).lefts + 1 })
  for (const [index, { text }] of other.entries()) Object.assign(at(text), { right: index, rights: at(text).rights + 1 })
  const unique = [...places.values()].filter(({ lefts, rights }) => lefts === 1 && rights === 1).sort((a, b) => a.left - b.left)
  return longestGrowing(unique.map(({ left, right }) => [left, right] as const))
}

/** The longest part whose second numbers grow (patience sorting). */
const longestGrowing = (pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
  const ends: number[] = []
  const before = new Int32Array(pairs.length).fill(-1)
  for (const [index, [, right]] of pairs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < right) low = middle + 1
      else high = middle
    }
    if (low > 0) before[index] = ends[low - 1] ?? -1
    ends[low] = index
  }
  const chosen: (readonly [number, number])[] = []
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const pair = pairs[index]
    if (pair) chosen.push(pair)
  }
  return chosen.reverse()
}

const between = (one: readonly Line[], other: readonly Line[]): AlignedRow[] => {
  if (one.length === 0 || other.length === 0) return paired(one, other)
  const parts = diffArrays(one.map(({ text }) => text), other.map(({ text }) => text), { maxEditLength: mostEdits })
  return parts === undefined ? paired(one, other) : walk(parts, one, other, byKey)
}

type Part = { added?: boolean; removed?: boolean; count: number }

/** Goes over the parts of a difference; a removed part and the added one after it are told to `replaced` together. */
const walk = (parts: readonly Part[], one: readonly Line[], other: readonly Line[], replaced: (one: readonly Line[], other: readonly Line[]) => AlignedRow[]): AlignedRow[] => {
  const rows: AlignedRow[] = []
  let [i, j, gone, come] = [0, 0, 0, 0]
  const settle = (): void => {
    rows.push(...replaced(one.slice(i, i + gone), other.slice(j, j + come)))
    ;[i, j, gone, come] = [i + gone, j + come, 0, 0]
  }
  for (const { added, removed, count } of parts) {
    if (added === true) come += count
    else if (removed === true) gone += count
    else {
      settle()
      rows.push(...paired(one.slice(i, i + count), other.slice(j, j + count)))
      ;[i, j] = [i + count, j + count]
    }
  }
  settle()
  return rows
}

/** Lines of the same key are two values of one thing. */
const byKey = (one: readonly Line[], other: readonly Line[]): AlignedRow[] => {
  if (one.length === 0 || other.length === 0) return paired(one, other)
  const parts = diffArrays(one.map(keyOf), other.map(keyOf), { maxEditLength: mostEdits })
  return parts === undefined ? paired(one, other) : walk(parts, one, other, (gone, come) => [...paired(gone, []), ...paired([], come)])
}

const keyOf = ({ text }: Line): string => /^\s*(?:- )?[^:]*:?/.exec(text)?.[0] ?? text

/** In their order, beside each other as far as both sides go. */
const paired = (one: readonly Line[], other: readonly Line[]): AlignedRow[] =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, index): AlignedRow => {
    const [left, right] = [one[index], other[index]]
    if (left && right) return { kind: left.text === right.text ? 'same' : 'changed', left, right }
    return left ? { kind: 'removed', left, right: null } : { kind: 'added', left: null, right: right ?? { number: 0, text: '' } }
  })
