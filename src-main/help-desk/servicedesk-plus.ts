import type { AskHelpDesk, HelpDeskAnswer, HelpDeskKind, ToldAttachment, ToldEvent } from './help-desk.ts'
import { changedRequestOf, closureOf, newRequestOf, noteOf, noteOfLostFile, statusIn, subjectOf } from './servicedesk-plus-fields.ts'
import { filesIn, idIn, readAnswer, rowsIn, type SdpAnswer } from './servicedesk-plus-answer.ts'

/**
 * ManageEngine ServiceDesk Plus by its v3 API with a technician key:
 * https://www.manageengine.com/products/service-desk/sdpop-v3-api/requests/request.html (requests, closing) and
 * https://www.manageengine.com/products/service-desk-msp/help/adminguide/general-features/v3-attachment-API-changes.html (attachments).
 *
 * A new request is a POST of `input_data`, a reply a note, a change a PUT, closing a PUT to `close`; attachments follow one by one. The API
 * has no idempotency key: an event that may have arrived is looked for by the mark in its text before it is sent again. A reply or change of
 * a request that the help desk was never told of makes it a request there. Of a repeated event, files with name and size of one that is there are not sent again.
 */
export const serviceDeskPlus: HelpDeskKind = {
  async deliver({ url }, key, event, ask) {
    const desk = deskAt(url, key, ask)
    const made = event.remoteId ?? (event.repeated ? await desk.find(event) : null)
    if (typeof made === 'object' && made !== null) return made
    if (made === null) {
      const created = await desk.send('POST', '/requests', newRequestOf(event))
      const id = created.ok ? idIn(created.value, 'request') : null
      if (id === null) return answered(created.ok ? { ...created, status: 0 } : created, null)
      return answered((await uploadAll(desk, id, event)) ?? (event.request.status === 'closed' ? await desk.send('PUT', `/requests/${id}/close`, closureOf(event)) : created), id)
    }
    return answered(await follow(desk, made, event), made)
  },
  async test({ url }, key, ask) {
    const found = await deskAt(url, key, ask).get('/requests', { list_info: { row_count: 1 } })
    return answered(found, null)
  },
  faultOfSecret: (secret) => (/^[\x21-\x7e]+$/.test(secret) ? null : 'A technician key has no spaces and no special letters.')
}

type Desk = ReturnType<typeof deskAt>

function deskAt(url: string, key: string, ask: AskHelpDesk) {
  const root = `${url.replace(/\/+$/, '')}/api/v3`
  const headers = { authtoken: key, accept: 'application/vnd.manageengine.sdp.v3+json' }
  const form = 'application/x-www-form-urlencoded'
  const send = async (method: 'POST' | 'PUT', path: string, input: object): Promise<SdpAnswer> =>
    readAnswer(await ask({ method, url: `${root}${path}`, headers: { ...headers, 'content-type': form }, body: new URLSearchParams({ input_data: JSON.stringify(input) }).toString() }))
  const get = async (path: string, input: object | null): Promise<SdpAnswer> =>
    readAnswer(await ask({ method: 'GET', url: `${root}${path}${input === null ? '' : `?${new URLSearchParams({ input_data: JSON.stringify(input) }).toString()}`}`, headers }))
  return {
    send,
    get,
    async upload(id: string, { name, contentType, content }: ToldAttachment): Promise<SdpAnswer> {
      const files = new FormData()
      files.append('input_file', new Blob([new Uint8Array(content ?? Buffer.alloc(0))], { type: contentType }), name)
      const encoded = new Response(files)
      return readAnswer(await ask({ method: 'PUT', url: `${root}/requests/${id}/upload`, headers: { ...headers, 'content-type': encoded.headers.get('content-type') ?? 'multipart/form-data' }, body: Buffer.from(await encoded.arrayBuffer()), repeatable: false }))
    },
    /** The id of the request that an earlier try of this event made, null where there is none; an answer where it could not be looked for. */
    async find(event: ToldEvent): Promise<string | HelpDeskAnswer | null> {
      const asked = { list_info: { row_count: mostCandidates, sort_field: 'created_time', sort_order: 'desc', search_criteria: [{ field: 'subject', condition: 'is', value: subjectOf(event) }] } }
      const found = await get('/requests', asked)
      if (!found.ok) return answered(found, null)
      for (const row of rowsIn(found.value, 'requests')) {
        const id = idIn({ request: row }, 'request')
        const whole = id === null ? null : await get(`/requests/${id}`, null)
        if (whole?.ok && whole.text.includes(event.key)) return id
      }
      return null
    },
    /** Whether the mark of this event stands in the request or in one of its notes; an answer where that cannot be told. */
    async hasMark(id: string, event: ToldEvent): Promise<boolean | SdpAnswer> {
      for (const path of [`/requests/${id}`, `/requests/${id}/notes`]) {
        const found = await get(path, null)
        if (found.text.includes(event.key)) return true
        // A long list of notes is read no further than any answer.
        if (!found.ok && found.text.length < longAnswer) return found
      }
      return false
    }
  }
}
const mostCandidates = 20
const longAnswer = 900_000

/** What comes after a request is there. */
async function follow(desk: Desk, id: string, event: ToldEvent): Promise<SdpAnswer> {
  if (event.event === 'request-changed') return change(desk, id, event)
  // The request itself is there: only its files may be missing.
  const noted = event.event === 'request-created' ? await desk.get(`/requests/${id}`, null) : await note(desk, id, event)
  return noted.ok ? ((await uploadAll(desk, id, event)) ?? noted) : noted
}

async function note(desk: Desk, id: string, event: ToldEvent): Promise<SdpAnswer> {
  const there = event.repeated ? await desk.hasMark(id, event) : false
  if (typeof there === 'object') return there
  return there ? desk.get(`/requests/${id}`, null) : addNote(desk, id, noteOf(event))
}

/** The pages of the product name the note `note`, those of the cloud `request_note`; each refuses the other's name as an unknown key. */
async function addNote(desk: Desk, id: string, content: object): Promise<SdpAnswer> {
  const first = await desk.send('POST', `/requests/${id}/notes`, { note: content })
  return first.status === 400 && /EXTRA_KEY|extra key/i.test(first.text) ? desk.send('POST', `/requests/${id}/notes`, { request_note: content }) : first
}

async function change(desk: Desk, id: string, event: ToldEvent): Promise<SdpAnswer> {
  const input = changedRequestOf(event)
  const changed = input === null ? await desk.get(`/requests/${id}`, null) : await desk.send('PUT', `/requests/${id}`, input)
  return changed.ok && statusIn(event.change) === 'closed' ? desk.send('PUT', `/requests/${id}/close`, closureOf(event)) : changed
}

/** Null where all files are there. One that the help desk does not want is named in a note, so that it holds nothing up. */
async function uploadAll(desk: Desk, id: string, event: ToldEvent): Promise<SdpAnswer | null> {
  const files = event.attachments.filter(({ content }) => content !== null)
  if (files.length === 0) return null
  const listed = event.repeated ? await desk.get(`/requests/${id}/attachments`, null) : null
  if (listed?.ok === false) return listed
  const there = filesIn(listed?.value ?? null)
  for (const file of files) {
    if (there.some(({ name, size }) => name === file.name && (size === null || size === file.size))) continue
    const sent = await desk.upload(id, file)
    if (sent.ok) continue
    if (![400, 413, 415, 422].includes(sent.status)) return sent
    const told = await addNote(desk, id, noteOfLostFile(event, file, sent.text))
    if (!told.ok) return told
  }
  return null
}

/** An upload that failed leaves a request that is there: its id is told all the same. */
const answered = ({ status, text, retryAfter }: SdpAnswer, remoteId: string | null): HelpDeskAnswer => ({ status, answer: text, remoteId, retryAfter })
