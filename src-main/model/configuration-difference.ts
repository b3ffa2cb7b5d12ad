/** A configured thing as the configuration file shows it: plain text, numbers and switches, nested and in lists. */
export type Form = { [key: string]: FormValue }
export type FormValue = string | number | boolean | null | FormValue[] | Form
export type FieldDifference = { field: string; from: string; to: string }

/** What differs between two forms, field by field with dotted names, in the order of the fields; null stands for nothing at all. */
export function formDifference(from: Form | null, to: Form | null): FieldDifference[] {
  const before = new Map(from === null ? [] : leaves(from, ''))
  const after = new Map(to === null ? [] : leaves(to, ''))
  const fields = new Set([...after.keys(), ...before.keys()])
  return [...fields]
    .map((field) => ({ field, from: before.get(field) ?? '', to: after.get(field) ?? '' }))
    .filter((difference) => difference.from !== difference.to)
}

function leaves(form: Form, prefix: string): [string, string][] {
  return Object.entries(form).flatMap(([key, value]): [string, string][] =>
    isForm(value) ? leaves(value, `${prefix}${key}.`) : [[`${prefix}${key}`, inWords(value)]]
  )
}

const isForm = (value: FormValue): value is Form => typeof value === 'object' && value !== null && !Array.isArray(value)

function inWords(value: Exclude<FormValue, Form>): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((item) => (isForm(item) ? JSON.stringify(item) : inWords(item))).join(', ')
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
