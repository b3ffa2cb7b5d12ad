import type { Destination } from './destination.ts'
import { wireError, type LineWire } from './line-wire.ts'

/**
 * The first words of each protocol, as much of them as is needed before TLS: greeting, capabilities, STARTTLS. Errors have the codes of
 * `line-wire.ts` and NOT_THE_PROTOCOL, SERVER_REFUSED, STARTTLS_NOT_OFFERED; `message` is then the server's own line.
 */
export type FirstWords = {
  label: string
  greeting(wire: LineWire, withinMs: number): Promise<string>
  capabilities(wire: LineWire, withinMs: number): Promise<string[]>
  startTls(wire: LineWire, offered: string[], withinMs: number): Promise<void>
}

/** IMAP (RFC 9051), POP3 (RFC 1939, 2449, 2595), SMTP (RFC 5321, 3207) and HTTP. */
export const firstWords: Record<Destination['speaks'], FirstWords> = {
  imap: { label: 'IMAP', greeting: imapGreeting, capabilities: imapCapabilities, startTls: imapStartTls },
  pop3: { label: 'POP3', greeting: pop3Greeting, capabilities: pop3Capabilities, startTls: pop3StartTls },
  smtp: { label: 'SMTP', greeting: smtpGreeting, capabilities: smtpCapabilities, startTls: smtpStartTls },
  http: { label: 'HTTP', greeting: httpGreeting, capabilities: () => Promise.resolve([]), startTls: () => Promise.reject(wireError('STARTTLS_NOT_OFFERED', 'HTTP has no STARTTLS here.')) }
}

/** HTTP has no greeting: the answer to the shortest of requests stands in for it (RFC 9112 section 4). */
async function httpGreeting(wire: LineWire, withinMs: number): Promise<string> {
  wire.send('HEAD / HTTP/1.0\r\n')
  const line = await wire.line(withinMs)
  if (!/^HTTP\/\d(?:\.\d)? \d{3}\b/.test(line)) throw wireError('NOT_THE_PROTOCOL', line)
  return line
}

async function imapGreeting(wire: LineWire, withinMs: number): Promise<string> {
  const line = await wire.line(withinMs)
  if (/^\* BYE\b/i.test(line)) throw wireError('SERVER_REFUSED', line.slice(6))
  if (!/^\* (?:OK|PREAUTH)\b/i.test(line)) throw wireError('NOT_THE_PROTOCOL', line)
  return line.replace(/^\* \S+ ?/, '').replace(/^\[[^\]]*\] ?/, '')
}

async function imapCapabilities(wire: LineWire, withinMs: number): Promise<string[]> {
  wire.send('C1 CAPABILITY')
  const offered: string[] = []
  for (;;) {
    const line = await wire.line(withinMs)
    const listed = /^\* CAPABILITY (.*)$/i.exec(line)
    if (listed) offered.push(...(listed[1] ?? '').trim().toUpperCase().split(/\s+/))
    if (/^C1 OK\b/i.test(line)) return offered
    if (/^C1 /i.test(line) || /^\* BYE\b/i.test(line)) throw wireError('SERVER_REFUSED', line.replace(/^\S+ /, ''))
  }
}

async function imapStartTls(wire: LineWire, offered: string[], withinMs: number): Promise<void> {
  if (!offered.includes('STARTTLS')) throw wireError('STARTTLS_NOT_OFFERED', offered.join(' '))
  wire.send('C2 STARTTLS')
  for (;;) {
    const line = await wire.line(withinMs)
    if (/^C2 OK\b/i.test(line)) return
    if (/^C2 /i.test(line)) throw wireError('STARTTLS_NOT_OFFERED', line)
  }
}

async function pop3Greeting(wire: LineWire, withinMs: number): Promise<string> {
  const line = await wire.line(withinMs)
  if (/^-ERR\b/i.test(line)) throw wireError('SERVER_REFUSED', line.slice(5))
  if (!/^\+OK\b/i.test(line)) throw wireError('NOT_THE_PROTOCOL', line)
  return line.slice(3).trim()
}

async function pop3Capabilities(wire: LineWire, withinMs: number): Promise<string[]> {
  wire.send('CAPA')
  const first = await wire.line(withinMs)
  // RFC 2449 is an extension: an old server answers -ERR and may still know STLS.
  if (!/^\+OK\b/i.test(first)) return []
  const offered: string[] = []
  for (let line = await wire.line(withinMs); line !== '.'; line = await wire.line(withinMs)) offered.push(line.toUpperCase())
  return offered
}

async function pop3StartTls(wire: LineWire, _offered: string[], withinMs: number): Promise<void> {
  wire.send('STLS')
  const line = await wire.line(withinMs)
  if (!/^\+OK\b/i.test(line)) throw wireError('STARTTLS_NOT_OFFERED', line)
}

async function smtpGreeting(wire: LineWire, withinMs: number): Promise<string> {
  const answer = await smtpAnswer(wire, withinMs)
  if (answer.code >= 400 && answer.code < 600) throw wireError('SERVER_REFUSED', `${answer.code} ${answer.lines.join(' ')}`)
  if (answer.code !== 220) throw wireError('NOT_THE_PROTOCOL', answer.lines.join(' '))
  return answer.lines.join(' ')
}

async function smtpCapabilities(wire: LineWire, withinMs: number): Promise<string[]> {
  wire.send('EHLO [127.0.0.1]')
  const answer = await smtpAnswer(wire, withinMs)
  if (answer.code !== 250) throw wireError('SERVER_REFUSED', `${answer.code} ${answer.lines.join(' ')}`)
  return answer.lines.slice(1).map((line) => line.toUpperCase())
}

async function smtpStartTls(wire: LineWire, offered: string[], withinMs: number): Promise<void> {
  if (!offered.includes('STARTTLS')) throw wireError('STARTTLS_NOT_OFFERED', offered.join(' '))
  wire.send('STARTTLS')
  const answer = await smtpAnswer(wire, withinMs)
  if (answer.code !== 220) throw wireError('STARTTLS_NOT_OFFERED', answer.lines.join(' '))
}

/** One reply of RFC 5321 4.2, with its lines joined from 250-… to 250 …. */
async function smtpAnswer(wire: LineWire, withinMs: number): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  for (;;) {
    const line = await wire.line(withinMs)
    const parts = /^(\d{3})([ -]?)(.*)$/.exec(line)
    if (!parts) throw wireError('NOT_THE_PROTOCOL', line)
    lines.push(parts[3] ?? '')
    if (parts[2] !== '-') return { code: Number(parts[1]), lines }
  }
}
