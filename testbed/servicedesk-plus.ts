import type { IncomingMessage, ServerResponse } from 'node:http'
import { startDesk, type TestDesk } from './help-desk.ts'

type Fields = Record<string, unknown>
export type SdpRequest = { id: string; fields: Fields; notes: Fields[]; files: { name: string; size: number; contentType: string }[]; closed: Fields | null }
export type SdpServer = TestDesk & { requests: SdpRequest[]; heard: string[]; mishap: (call: string) => 'answer' | 'die-before' | 'do-and-die' | 'sign-in-page' | 'limit' | 'no-files'; noteName: 'note' | 'request_note' }

/** Attributes that can be set, of https://www.manageengine.com/products/service-desk/sdpop-v3-api/requests/request.html */
const settable = new Set(['subject', 'description', 'requester', 'technician', 'group', 'priority', 'status', 'site', 'assets', 'request_type', 'impact', 'impact_details', 'mode', 'level', 'urgency', 'category', 'subcategory', 'item', 'resolution', 'email_ids_to_notify', 'template', 'udf_fields', 'update_reason'])
const noteFields = new Set(['description', 'show_to_requester', 'mark_first_response', 'add_to_linked_requests', 'notify_technician'])
const byName = ['group', 'priority', 'status', 'site', 'request_type', 'impact', 'mode', 'level', 'urgency', 'category', 'subcategory', 'item']
const known: Record<string, readonly string[]> = { status: ['Open', 'Closed', 'On Hold'], priority: ['Low', 'Medium', 'High'], category: ['Hardware', 'Network'] }

/**
 * A stand-in for ServiceDesk Plus, strict as the vendor's pages have it: `input_data` in a form, the key in `authtoken`, unknown keys,
 * unknown names and a missing subject refused with its error JSON; one file (`input_file`) at a time by PUT to `upload`.
 */
export async function startServiceDeskPlus(key: string): Promise<SdpServer> {
  const requests: SdpRequest[] = []
  const heard: string[] = []
  const take = async (request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const path = url.pathname.replace(/^\/in/, '')
    const call = `${request.method} ${path}`
    heard.push(call)
    const mishap = server.mishap(call)
    if (mishap === 'die-before') return void request.socket.destroy()
    if (mishap === 'sign-in-page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>')
    const [status, value] = mishap === 'limit' ? failed(429, 4015) : answerTo(call, request, url, body, await filesOf(request, body))
    if (mishap === 'do-and-die') return void request.socket.destroy()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  const answerTo = (call: string, request: IncomingMessage, url: URL, body: Buffer, files: File[] | null): [number, object] => {
    if (request.headers['authtoken'] !== key) return failed(401, 4022, { message: 'UNAUTHORISED' })
    if (request.headers.accept !== 'application/vnd.manageengine.sdp.v3+json') return failed(415, 4007)
    const form = request.method === 'GET' ? url.searchParams : new URLSearchParams(body.toString('utf8'))
    const input = JSON.parse((files === null ? form.get('input_data') : null) ?? '{}') as Record<string, Fields>
    const [, id, rest = ''] = /^\w+ \/api\/v3\/requests(?:\/(\w+))?(?:\/(\w+))?$/.exec(call) ?? []
    if (!call.includes('/api/v3/requests')) return failed(404, 4007)
    const found = requests.find((one) => one.id === id)
    if (id === undefined) return request.method === 'GET' ? list(input) : create(input)
    if (found === undefined) return failed(404, 4007, { message: 'Invalid URL or resource not found' })
    if (request.method === 'GET' && rest === '') return done(200, { request: shown(found) })
    if (request.method === 'GET' && rest === 'notes') return done(200, { notes: found.notes.map((note, index) => ({ id: String(index), ...note })) }, true)
    if (request.method === 'GET' && rest === 'attachments') return done(200, { attachments: found.files.map(({ name, size }) => ({ name, size: { value: size, display_value: `${size} B` } })) }, true)
    if (request.method === 'POST' && rest === 'notes') return note(found, input)
    if (request.method === 'PUT' && rest === 'close') return close(found, input)
    if (request.method === 'PUT' && rest === 'upload') return upload(found, files, call)
    return request.method === 'PUT' && rest === '' ? edit(found, input) : failed(404, 4007)
  }
  const list = ({ list_info: info = {} }: Record<string, Fields>): [number, object] => {
    const criteria = (info['search_criteria'] ?? []) as { field: string; condition: string; value: string }[]
    const rows = requests.filter(({ fields }) => criteria.every(({ field, condition, value }) => condition === 'is' && fields[field] === value)).reverse().slice(0, Number(info['row_count'] ?? 10))
    return done(200, { list_info: { has_more_rows: false }, requests: rows.map(({ id, fields }) => ({ id, subject: fields['subject'] })) }, true)
  }
  const create = (input: Record<string, Fields>): [number, object] => {
    const fault = faultIn(input, 'request', settable)
    if (fault) return fault
    if (typeof input['request']?.['subject'] !== 'string' || input['request']['subject'] === '') return failed(400, 4012, { fields: ['subject'] })
    const made: SdpRequest = { id: String(1001 + requests.length), fields: { status: { name: 'Open' }, ...input['request'] }, notes: [], files: [], closed: null }
    requests.push(made)
    return done(201, { request: shown(made) })
  }
  const edit = (found: SdpRequest, input: Record<string, Fields>): [number, object] => {
    const fault = faultIn(input, 'request', settable)
    if (fault) return fault
    Object.assign(found.fields, input['request'])
    return done(200, { request: shown(found) })
  }
  const note = (found: SdpRequest, input: Record<string, Fields>): [number, object] => {
    const fault = faultIn(input, server.noteName, noteFields)
    if (fault) return fault
    found.notes.push(input[server.noteName] ?? {})
    return done(201, { [server.noteName]: { id: String(found.notes.length) } })
  }
  const close = (found: SdpRequest, input: Record<string, Fields>): [number, object] => {
    const fault = faultIn(input, 'request', new Set(['closure_info']))
    if (fault) return fault
    found.closed = (input['request']?.['closure_info'] ?? {}) as Fields
    found.fields['status'] = { name: 'Closed' }
    return done(200, {})
  }
  const upload = (found: SdpRequest, files: File[] | null, call: string): [number, object] => {
    if (server.mishap(call) === 'no-files') return failed(400, 4001, { field: 'input_file', message: 'This file type is not allowed.' })
    if (files?.length !== 1 || files[0] === undefined) return failed(400, 4001, { field: 'input_file' })
    found.files.push({ name: files[0].name, size: files[0].size, contentType: files[0].type })
    return done(200, { attachment: { name: files[0].name, size: files[0].size } })
  }
  const desk = await startDesk(take)
  const server: SdpServer = { ...desk, requests, heard, mishap: () => 'answer', noteName: 'note' }
  return server
}

const shown = ({ id, fields }: SdpRequest): object => ({ id, ...fields })
const done = (status: number, value: object, isList = false): [number, object] => [status, { response_status: isList ? [{ status_code: 2000, status: 'success' }] : { status_code: 2000, status: 'success' }, ...value }]
const failed = (status: number, code: number, more: object = {}): [number, object] => [status, { response_status: { status_code: 4000, messages: [{ status_code: code, type: 'failed', ...more }], status: 'failed' } }]

function faultIn(input: Record<string, Fields>, name: string, allowed: ReadonlySet<string>): [number, object] | null {
  const extra = Object.keys(input).find((key) => key !== name) ?? Object.keys(input[name] ?? {}).find((key) => !allowed.has(key))
  if (extra !== undefined) return failed(400, 4001, { field: extra, message: 'EXTRA_KEY_FOUND_IN_JSON' })
  for (const [field, value] of Object.entries(input[name] ?? {})) {
    const wanted = (value as { name?: string } | null)?.name
    if (typeof value === 'string' && field !== 'description' && (/[\r\n]/.test(value) || value.length > 250)) return failed(400, 4021, { field })
    if (byName.includes(field) && value !== null && (wanted === undefined || known[field]?.includes(wanted) === false)) return failed(400, 4001, { field })
  }
  return null
}

async function filesOf(request: IncomingMessage, body: Buffer): Promise<File[] | null> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return null
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  return form.getAll('input_file').filter((one) => one instanceof File)
}
