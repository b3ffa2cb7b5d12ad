import { incomingProtocols, outgoingProtocols, type IncomingProtocol, type OutgoingProtocol, type Security } from '#contract/protocols.ts'

type Placed = { protocol: IncomingProtocol | OutgoingProtocol; host: string; port: number; security: Security; endpoint?: string | undefined; mailbox?: string | undefined }

/** Where a server is, as lists name it: host, port and security, or the URL of its endpoint; and the mailbox where one is named. */
export function placeOf({ protocol, host, port, security, endpoint = '', mailbox }: Placed): { host?: string; port?: number; security?: Security; endpoint?: string; mailbox?: string } {
  const { reach } = { ...incomingProtocols, ...outgoingProtocols }[protocol]
  return { ...(reach === 'endpoint' ? { endpoint } : { host, port, security }), ...(mailbox === undefined ? {} : { mailbox }) }
}
