import type { Fault } from './fault-proxy.ts'
import { faultModes, type FaultMode } from './fault-rig.ts'

/** A fault of the connection, made for a number of messages; `tls` says which port it goes to, `told` which problems the user may be told, where one must be. */
export type WireCase = { fault: string; modes: readonly FaultMode[]; tls?: boolean; told?: readonly string[]; make: (messages: number) => Fault }

const imap = faultModes.filter((mode) => mode.startsWith('imap'))
const all = faultModes
const dropped = ['connection-dropped']
const silent = ['server-silent']
const slow = ['round-too-slow', 'server-silent']
const literal = (messages: number, part = 0.4) => ({ side: 'to-client' as const, text: 'FETCH (', nth: Math.ceil(messages * (1 + part)), later: 700 })
const answerLost = (text: string, modes: readonly FaultMode[], times = 1): WireCase => ({ fault: `answer to ${text} lost${times > 1 ? ` ${times} times` : ''}`, modes, told: dropped, make: () => ({ aim: { side: 'to-server', text }, how: 'lose-answer', times }) })
const neverArrives = (text: string, modes: readonly FaultMode[]): WireCase => ({ fault: `reset before ${text} arrives`, modes, told: dropped, make: () => ({ aim: { side: 'to-server', text }, how: 'reset' }) })

/** What can go wrong between console and server, by where it strikes. */
export const wireCases: readonly WireCase[] = [
  { fault: 'reset in a message', modes: imap, told: dropped, make: (messages) => ({ aim: literal(messages), how: 'reset' }) },
  { fault: 'reset in a message', modes: ['pop3 delete'], told: dropped, make: () => ({ aim: { side: 'to-client', afterBytes: 60_000 }, how: 'reset' }) },
  { fault: 'reset in a message, 4 times', modes: all, told: dropped, make: () => ({ aim: { side: 'to-client', afterBytes: 90_000 }, how: 'reset', times: 4 }) },
  { fault: 'half a literal, then closed', modes: imap, told: dropped, make: (messages) => ({ aim: literal(messages, 0.6), how: 'end' }) },
  { fault: 'half a message, then closed', modes: ['pop3 delete'], told: dropped, make: () => ({ aim: { side: 'to-client', afterBytes: 80_000 }, how: 'end' }) },
  { fault: 'stall in a message', modes: all, told: silent, make: () => ({ aim: { side: 'to-client', afterBytes: 70_000 }, how: 'silence' }) },
  { fault: 'stall at SEARCH', modes: imap, told: silent, make: () => ({ aim: { side: 'to-server', text: 'UID SEARCH' }, how: 'silence' }) },
  { fault: 'garbage in a message', modes: imap, make: () => ({ aim: { side: 'to-client', afterBytes: 50_000 }, how: 'garbage', bytes: '* )(}{ {99999}\r\n\u0000\u00ff garbage' }) },
  { fault: 'garbage between answers', modes: imap, make: () => ({ aim: { side: 'to-client', text: 'OK Search completed', nth: 1, later: 40 }, how: 'garbage', bytes: '\r\n{7}}} ((\r\nA0 BAD nonsense\r\n' }) },
  { fault: 'garbage as greeting', modes: all, make: () => ({ aim: { side: 'to-client', afterBytes: 0 }, how: 'garbage', bytes: 'HTTP/1.1 418 no\r\n\r\n' }) },
  { fault: 'slow loris in a message', modes: all, told: slow, make: () => ({ aim: { side: 'to-client', afterBytes: 60_000 }, how: 'drip', everyMs: 20 }) },
  { fault: 'slow loris from the start', modes: all, told: slow, make: () => ({ aim: { side: 'to-client', afterBytes: 0 }, how: 'drip', everyMs: 20 }) },
  { fault: 'TLS cut in the handshake', modes: all, tls: true, told: dropped, make: () => ({ aim: { side: 'to-client', afterBytes: 500 }, how: 'reset' }) },
  { fault: 'TLS silent in the handshake', modes: all, tls: true, told: silent, make: () => ({ aim: { side: 'to-client', afterBytes: 500 }, how: 'silence' }) },
  { fault: 'TLS cut in a record', modes: all, tls: true, told: dropped, make: () => ({ aim: { side: 'to-client', afterBytes: 60_001 }, how: 'end' }) },
  { fault: 'TLS bytes changed in a record', modes: all, tls: true, told: ['tls-handshake-failed', 'connection-dropped'], make: () => ({ aim: { side: 'to-client', afterBytes: 70_003 }, how: 'garbage', bytes: 'x' }) },
  answerLost('UID STORE', ['imap mark-seen']),
  answerLost('UID MOVE', ['imap mark-seen', 'imap move', 'imap delete']),
  answerLost('UID MOVE', ['imap mark-seen', 'imap move', 'imap delete'], 3),
  answerLost('UID EXPUNGE', ['imap delete', 'imap move by copy']),
  answerLost('UID COPY', ['imap move by copy']),
  answerLost('UID COPY', ['imap move by copy'], 3),
  answerLost('QUIT', ['pop3 delete']),
  answerLost('CREATE', imap),
  neverArrives('UID STORE', ['imap mark-seen', 'imap delete']),
  neverArrives('UID MOVE', ['imap mark-seen', 'imap move', 'imap delete']),
  neverArrives('UID EXPUNGE', ['imap delete', 'imap move by copy']),
  neverArrives('QUIT', ['pop3 delete']),
  neverArrives('DELE', ['pop3 delete'])
]
