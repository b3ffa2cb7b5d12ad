import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Form, FormValue } from '../model/configuration-difference.ts'
import { incomingForm, outgoingForm } from './configuration-form.ts'
import { storedIncoming, storedOutgoing } from './configured-servers.ts'
import { allColumns } from './csv-columns.ts'
import { emptyConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { printConfiguration } from './print-configuration.ts'

type Row = ReadonlyMap<string, string>

/** The servers as a CSV file that can be imported again, a row each, without secrets; partitions, rules and settings are not in it. */
export const printServersCsv = (present: PresentConfiguration): string => {
  const rows = [
    ...storedIncoming(present).map(({ server, ready }) => rowOf('incoming', incomingForm(server), incomingForm(newIncomingServer(server.protocol, '')), ready === null)),
    ...storedOutgoing(present).map(({ server, ready }) => rowOf('outgoing', outgoingForm(server), outgoingForm(newOutgoingServer(server.protocol)), ready === null))
  ]
  return printed(allColumns.filter((column) => needed.includes(column) || rows.some((row) => (row.get(column) ?? '') !== '')), rows)
}

/** A file to begin with: an incoming and an outgoing server, as YAML with every key, or as CSV with the usual columns. */
export const configurationTemplate = (csv: boolean): string => {
  const incoming: IncomingServerDraft = { ...newIncomingServer('imap', 'Main'), name: 'it-support', host: 'mail.example.com', auth: { method: 'password', user: 'it@example.com', secret: 'ask' }, addresses: ['it@example.com', 'helpdesk@example.com'] }
  const outgoing: OutgoingServerDraft = { ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', port: 587, security: 'starttls', auth: { method: 'password', user: 'it@example.com', secret: 'env:IT_PASSWORD' }, senderName: 'IT Support', replyTo: 'it@example.com' }
  const present: PresentConfiguration = { ...emptyConfiguration(), incoming: [{ id: 1, server: incoming, lastTest: null }], outgoing: [{ id: 1, server: outgoing, lastTest: null }] }
  if (!csv) return printConfiguration(present)
  return printed(usual, [rowOf('incoming', incomingForm(incoming), {}, false), rowOf('outgoing', outgoingForm(outgoing), {}, false)])
}

const needed = ['kind', 'name', 'protocol']
const usual = [...needed, 'host', 'port', 'security', 'auth.method', 'auth.user', 'auth.secret', 'partition', 'addresses', 'folder', 'fetchEvery', 'push', 'afterFetch', 'errorFolder.stopAfter', 'senderName', 'replyTo']

const printed = (columns: readonly string[], rows: readonly Row[]): string => [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')

/** RFC 4180, 2.5 to 2.7; spaces at the ends of an unquoted field would be lost. */
const quoted = (cell: string): string => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const rowOf = (kind: string, form: Form, usually: Form, draft: boolean): Row => new Map([['kind', kind], ...cellsOf(form, usually, ''), ...(draft ? [['draft', 'true'] as const] : [])])

/** An empty cell stands for the default, so that nothing has to be said where something is the default. */
const cellsOf = (form: Form, usually: Form, above: string): [string, string][] =>
  Object.entries(form).flatMap(([key, value]): [string, string][] => (isGroup(value) ? cellsOf(value, groupOf(usually[key]), `${above}${key}.`) : [[`${above}${key}`, cellOf(value, usually[key] ?? null)]]))

const cellOf = (value: FormValue, usually: FormValue): string => (value === null ? (usually === null ? '' : 'null') : Array.isArray(value) ? value.join(' ') : String(value))

const isGroup = (value: FormValue | undefined): value is Form => typeof value === 'object' && value !== null && !Array.isArray(value)
const groupOf = (value: FormValue | undefined): Form => (isGroup(value) ? value : {})
