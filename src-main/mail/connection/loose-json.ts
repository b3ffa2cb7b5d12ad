// Error bodies come from whoever stands in between too: what they hold is looked for, never relied on.

/** null for what is no JSON. */
export function looseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** An own member of an object; undefined where there is none. */
export const memberOf = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined)
/** '' for what is no text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
/** On one line, 500 characters at most. */
export const shortLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 500)
