/** A configured thing as the configuration file shows it: plain text, numbers and switches, nested and in lists. */
export type Form = { [key: string]: FormValue }
export type FormValue = string | number | boolean | null | FormValue[] | Form
export type FieldDifference = { field: string; from: string; to: string }

/** What differs between two forms, field by field with dotted names, in the order of the fields; null stands for nothing at all. Of a picture in a long value only its size is told, and what is long without it is cut. */
export function formDifference(from: Form | null, to: Form | null): FieldDifference[] {
  const before = new Map(from === null ? [] : leaves(from, ''))
  const after = new Map(to === null ? [] : leaves(to, ''))
  const fields = new Set([...after.keys(), ...before.keys()])
  return [...fields]
    .map((field) => ({ field, from: before.get(field) ?? '', to: after.get(field) ?? '' }))
    .filter((difference) => difference.from !== difference.to)
    .map(({ field, from, to }) => ({ field, ...shortenedPair(shortened(from), shortened(to)) }))
}

const shortenedPair = (from: string, to: string): Pick<FieldDifference, 'from' | 'to'> => ({ from, to: from === to ? `${to} [differs in what is left out here]` : to })

const mostShown = 2_000
/** A mail template with its pictures may have megabytes; what is to be read of it is not in them. */
function shortened(value: string): string {
  if (value.length <= mostShown) return value
  const read = value.replace(/data:image\/[\w.+-]{1,40};base64,([\w+/=]{100,})/g, (_, base64: string) => `[picture, ${sizeOf((base64.length * 3) / 4)}]`)
  return read.length <= mostShown ? read : `${read.slice(0, mostShown)} [… ${read.length} characters]`.toWellFormed()
}

const sizeOf = (bytes: number): string => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`)

function leaves(form: Form, prefix: string): [string, string][] {
  return Object.entries(form).flatMap(([key, value]): [string, string][] => leavesBelow(value, `${prefix}${key}`))
}

/** A list of groups is gone into, each group by its name; their names in order stand for the list itself. */
function leavesBelow(value: FormValue, field: string): [string, string][] {
  if (isForm(value)) return leaves(value, `${field}.`)
  if (!isListOfForms(value)) return [[field, inWords(value)]]
  const names = value.map(nameOf)
  const own: [string, string][] = names.every((name) => name !== null) ? [[field, names.join(', ')]] : []
  return [...own, ...value.flatMap((item, index) => leaves(item, `${field}[${names[index] ?? index + 1}].`))]
}

const isForm = (value: FormValue): value is Form => typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOfForms = (value: FormValue): value is Form[] => Array.isArray(value) && value.length > 0 && value.every(isForm)

/** What tells a group from others of its list: its name, its key, or the pair that it is about; null where only its place does. */
function nameOf({ name, key, impact, urgency }: Form): string | null {
  if (typeof name === 'string') return name
  if (typeof key === 'string') return key
  return typeof impact === 'string' && typeof urgency === 'string' ? `${impact} × ${urgency}` : null
}

function inWords(value: Exclude<FormValue, Form>): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((item) => (isForm(item) ? JSON.stringify(item) : inWords(item))).join(', ')
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
