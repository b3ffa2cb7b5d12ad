import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { defaultLimits, type ConnectionLimits } from './connection/destination.ts'

/** The server's own time-out bounds each wait; `wishes` come first. */
export const outgoingLimits = ({ timeoutMs }: Pick<OutgoingServer, 'timeoutMs'>, wishes: Partial<ConnectionLimits> | undefined): ConnectionLimits => ({ ...defaultLimits, connectMs: timeoutMs, handshakeMs: timeoutMs, greetingMs: timeoutMs, silenceMs: timeoutMs, ...wishes })
