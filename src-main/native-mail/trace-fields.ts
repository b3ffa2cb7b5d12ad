import { isIPv6 } from 'node:net'

export type Trace = { mailFrom: string; helo: string; clientAddress: string; host: string; protocol: string; cipher: string | null; id: string; recipients: readonly string[]; at: number }

/**
 * Return-Path and Received as the server that makes the final delivery writes them (RFC 5321 4.4). The recipient is named only where it
 * is the only one, so that no blind copy is told (7.2).
 */
export function traceFields({ mailFrom, helo, clientAddress, host, protocol, cipher, id, recipients, at }: Trace): string {
  const [recipient] = recipients
  const only = recipients.length === 1 && recipient !== undefined ? `\r\n\tfor <${plain(recipient)}>` : ''
  const tls = cipher === null ? '' : ` (cipher ${word(cipher)})`
  return `Return-Path: <${plain(mailFrom)}>\r\nReceived: from ${word(helo)} (${literal(clientAddress)})\r\n\tby ${word(host)} (Mailroom) with ${word(protocol)}${tls} id ${word(id)}${only};\r\n\t${dateOf(at)}\r\n`
}

/** What a client says of itself may not end a comment or a field. */
const word = (text: string): string => text.replace(/[^\p{L}\p{N}._:[\]-]/gu, '?').slice(0, 255) || 'unknown'
const plain = (address: string): string => address.replace(/[\u0000-\u0020<>\u007f]/g, '?').slice(0, 512)
const literal = (address: string): string => (isIPv6(address) ? `[IPv6:${address}]` : `[${word(address)}]`)
const dateOf = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000')
