import type { OutgoingServer } from '#contract/outgoing-server.ts'

/** A server at the second host of its alternate, signed in to as the server is. A pin belongs to one certificate, so that of the other host is checked by its authority instead. */
export const atOtherHost = (server: OutgoingServer, { host, port, security }: Pick<OutgoingServer, 'host' | 'port' | 'security'>): OutgoingServer =>
  ({ ...server, host, port, security, alternate: null, tls: { ...server.tls, pin: null } })
