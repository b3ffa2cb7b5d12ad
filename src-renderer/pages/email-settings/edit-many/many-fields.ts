import type { IncomingChanges, OutgoingChanges } from '#contract/edit-many.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { tlsVersions } from '#contract/protocols.ts'

type Shown<Key> = { key: Key; label: string; helper?: string }
/** How a field is typed: `factor` turns what is shown into what is stored; `empty` is what an empty field stands for where that is allowed. */
export type ManyField<Key extends string = string> =
  | (Shown<Key> & { kind: 'switch' })
  | (Shown<Key> & { kind: 'choice'; options: readonly { value: string; label: string }[]; empty?: null })
  | (Shown<Key> & { kind: 'number'; suffix: string; factor: number; empty?: null })
  | (Shown<Key> & { kind: 'text'; empty?: null; placeholder?: string })

const proxy = { key: 'proxy', label: 'Proxy', kind: 'text', empty: null, placeholder: 'socks5://proxy.example.com:1080', helper: 'Empty: none. A stored proxy password stays.' } as const
const minTlsVersion = { key: 'minTlsVersion', label: 'Lowest TLS version', kind: 'choice', options: tlsVersions.map((value) => ({ value, label: value.replace('TLSv', 'TLS ') })) } as const
const debug = { key: 'debug', label: 'Transcript (debug)', kind: 'switch' } as const

export const incomingFields = (partitions: readonly string[], templates: readonly string[]): ManyField<keyof IncomingChanges>[] => [
  { key: 'partition', label: 'Partition', kind: 'choice', options: partitions.map((value) => ({ value, label: value })) },
  { key: 'template', label: 'Request template', kind: 'choice', empty: null, options: [{ value: '', label: 'Default' }, ...templates.map((value) => ({ value, label: value }))] },
  { key: 'fetchEveryMs', label: 'Fetch mail every', kind: 'number', suffix: 'seconds', factor: 1_000 },
  { key: 'push', label: 'Push', kind: 'switch', helper: 'Where the protocol has it.' },
  { key: 'afterFetch', label: 'After fetching', kind: 'choice', options: [{ value: 'mark-seen', label: 'Mark as read' }, { value: 'move', label: 'Move' }, { value: 'delete', label: 'Delete' }] },
  { key: 'moveTo', label: 'Move to folder', kind: 'text', empty: null, helper: 'For servers that move.' },
  { key: 'maxMessageSize', label: 'Largest message', kind: 'number', suffix: 'MB', factor: 1_000_000 },
  { key: 'stopAfter', label: 'Stop after errors', kind: 'number', suffix: 'messages', factor: 1, empty: null, helper: 'Empty: never.' },
  { key: 'silenceAlert', label: 'Silence alert', kind: 'switch' }, proxy, minTlsVersion, debug
]

/** `servers` are all outgoing ones, `mailboxes` the incoming ones that speak IMAP. */
export const outgoingFields = (servers: readonly string[], mailboxes: readonly string[]): ManyField<keyof OutgoingChanges>[] => [
  { key: 'senderName', label: 'Sender name', kind: 'text' },
  { key: 'replyTo', label: 'Reply-to address', kind: 'text' },
  { key: 'timeoutMs', label: 'Timeout', kind: 'number', suffix: 'seconds', factor: 1_000 },
  { key: 'alternateServer', label: 'Alternate', kind: 'choice', empty: null, options: [{ value: '', label: 'None' }, ...servers.map((value) => ({ value, label: value }))], helper: 'Another outgoing server.' },
  { key: 'mostConnections', label: 'Connections at most', kind: 'number', suffix: 'at once', factor: 1 },
  { key: 'maxMailSize', label: 'Largest mail', kind: 'number', suffix: 'MB', factor: 1_000_000, empty: null, helper: 'Empty: what the server says.' },
  { key: 'whenUncertain', label: 'When nobody can say whether a mail arrived', kind: 'choice', options: [{ value: 'hold', label: 'Hold it' }, { value: 'send-again', label: 'Send it again' }] },
  { key: 'sentCopiesIn', label: 'Sent copies are in the mailbox of', kind: 'choice', empty: null, options: [{ value: '', label: 'Nowhere' }, ...mailboxes.map((value) => ({ value, label: value }))] },
  { key: 'embeddedImages', label: 'Embedded images', kind: 'choice', options: [{ value: 'cid', label: 'Attached (CID)' }, { value: 'base64', label: 'Inline (Base64)' }] },
  { key: 'overrideTo', label: 'Send all mail to one address instead', kind: 'text', empty: null, helper: 'Empty: to its recipients.' },
  proxy, minTlsVersion, debug,
  { key: 'block', label: 'Block sending', kind: 'switch', helper: 'Mail is held in the outbox.' }
]

/** What one server has in these fields, to begin with. */
export const presentOfIncoming = (server: IncomingServerDraft): Record<string, unknown> => ({ ...server, stopAfter: server.errorFolder.stopAfter, minTlsVersion: server.tls.minVersion })
export const presentOfOutgoing = (server: OutgoingServerDraft): Record<string, unknown> => ({ ...server, minTlsVersion: server.tls.minVersion, alternateServer: server.alternate && 'server' in server.alternate ? server.alternate.server : null })
