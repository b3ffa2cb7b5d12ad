import type { Hop } from '#contract/connection-test.ts'

/**
 * The way of a message by its Received fields (RFC 5321 4.4), first hop first; `seconds` is what passed since the hop before, null where a
 * date cannot be read. Clocks of servers differ, so it may be negative. `header` may be the whole message.
 */
export function receivedHops(header: string): Hop[] {
  const stamps = receivedFields(header).reverse().map((field) => ({ by: wordAfter(field, 'by') ?? 'unknown', from: wordAfter(field, 'from'), time: timeOf(field) }))
  return stamps.map(({ by, from, time }, index) => {
    const before = index === 0 ? null : (stamps[index - 1]?.time ?? null)
    return { by, from, at: time === null ? null : new Date(time).toISOString(), seconds: time === null || before === null ? null : Math.round((time - before) / 1000) }
  })
}

/** More hops than any route has; a message full of them is no reason to work longer. */
const mostHops = 100

function receivedFields(message: string): string[] {
  const end = /\r?\n\r?\n/.exec(message)?.index ?? message.length
  const lines = message.slice(0, end).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  return lines.flatMap((line) => (/^received:/i.test(line) ? [line.slice('received:'.length).trim().slice(0, 2_000)] : [])).slice(0, mostHops)
}

function wordAfter(field: string, word: 'by' | 'from'): string | null {
  const clauses = field.slice(0, field.lastIndexOf(';') < 0 ? undefined : field.lastIndexOf(';')).replace(/\([^()]*\)/g, ' ')
  return new RegExp(`(?:^|\\s)${word}\\s+([^\\s;]+)`, 'i').exec(clauses)?.[1] ?? null
}

function timeOf(field: string): number | null {
  const time = Date.parse(field.slice(field.lastIndexOf(';') + 1).replace(/\([^()]*\)/g, ' ').trim())
  return field.includes(';') && !Number.isNaN(time) ? time : null
}
