import { jsonIn } from './json-in.ts'

/** An answer of the API. `status` is that of HTTP, put right by the code in the body; 0 for what is no answer of this API, such as a sign-in page. */
export type SdpAnswer = { ok: boolean; status: number; text: string; retryAfter: string | null; value: unknown }

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/**
 * Codes of `response_status` that say another thing than 400; 200 and 2000 are success.
 * https://www.manageengine.com/products/service-desk/sdpop-v3-api/getting-started/common-error-code.html
 */
const httpOf: Readonly<Record<number, number>> = { 4002: 403, 4004: 500, 4007: 404, 4015: 429, 4022: 401 }

export function readAnswer({ status, text, retryAfter }: { status: number; text: string; retryAfter: string | null }): SdpAnswer {
  const value = jsonIn(text)
  const isSuccess = status >= 200 && status < 300
  if (!isSuccess) return { ok: false, status, text, retryAfter, value }
  if (Object.keys(fieldsOf(value)).length === 0) return { ok: false, status: 0, text, retryAfter, value: null }
  const failed = failureIn(value)
  return failed === null ? { ok: true, status, text, retryAfter, value } : { ok: false, status: failed, text, retryAfter, value }
}

/** Lists answer with a list of states, everything else with one. */
function failureIn(value: unknown): number | null {
  const told = fieldsOf(value)['response_status']
  for (const state of Array.isArray(told) ? told.map(fieldsOf) : [fieldsOf(told)]) {
    const code = Number(state['status_code'] ?? 2000)
    const inner = listOf(state['messages']).map((message) => Number(fieldsOf(message)['status_code']))
    if (code >= 4000 || state['status'] === 'failed') return httpOf[inner.find((one) => httpOf[one] !== undefined) ?? code] ?? (code >= 5000 && code < 6000 ? 500 : 400)
  }
  return null
}

/** The id of the object under `name`. It is put into paths, so that nothing but letters, digits and dashes is one. */
export function idIn(value: unknown, name: string): string | null {
  const id = fieldsOf(fieldsOf(value)[name])['id']
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : ''
  return /^[A-Za-z0-9-]{1,64}$/.test(text) ? text : null
}

export const rowsIn = (value: unknown, name: string): unknown[] => listOf(fieldsOf(value)[name])

/** Name and size of the files of a request; null for a size that is not told in bytes. */
export const filesIn = (value: unknown): { name: string; size: number | null }[] =>
  rowsIn(value, 'attachments').map((row) => {
    const { name, file_name: fileName, size } = fieldsOf(row)
    const bytes = typeof size === 'object' ? fieldsOf(size)['value'] : size
    const count = typeof bytes === 'number' || (typeof bytes === 'string' && /^\d+$/.test(bytes)) ? Number(bytes) : null
    return { name: String(name ?? fileName ?? ''), size: count }
  })
