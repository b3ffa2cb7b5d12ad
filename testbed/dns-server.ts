import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** Records by `TYPE name`, such as `SRV _imaps._tcp.example.com`; `fail` is answered with SERVFAIL, `silent` not at all. */
export type DnsRecords = {
  mx?: Record<string, readonly { exchange: string; priority: number }[]>
  srv?: Record<string, readonly { name: string; port: number; priority?: number; weight?: number }[]>
  cname?: Record<string, string>
  txt?: Record<string, string | readonly string[]>
  /** IPv4 addresses. */
  a?: Record<string, readonly string[]>
  fail?: readonly string[]
  silent?: readonly string[]
}
export type DnsServer = { address: string; asked: string[]; stop(): Promise<void> }

const types: Record<number, 'A' | 'CNAME' | 'MX' | 'TXT' | 'SRV' | undefined> = { 1: 'A', 5: 'CNAME', 15: 'MX', 16: 'TXT', 33: 'SRV' }

/** A DNS server on loopback (RFC 1035, UDP) for A, CNAME, MX, TXT and SRV (RFC 2782). Names without records of a type do not exist (NXDOMAIN). */
export async function startDnsServer(records: DnsRecords): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (question, from) => {
    const { name, end } = readName(question, 12)
    const type = types[question.readUInt16BE(end)] ?? '?'
    asked.push(`${type} ${name}`)
    if (records.silent?.includes(name)) return
    const failed = records.fail?.includes(name) ?? false
    const answers = failed ? [] : answersTo(records, type, name)
    const header = Buffer.concat([question.subarray(0, 2), uint16(0x8180 + (failed ? 2 : answers.length === 0 ? 3 : 0)), uint16(1), uint16(answers.length), uint16(0), uint16(0)])
    const asking = question.subarray(12, end + 4)
    // 0xc00c points to the name of the question.
    const bodies = answers.map((data) => Buffer.concat([uint16(0xc00c), question.subarray(end, end + 4), Buffer.from([0, 0, 0, 60]), uint16(data.length), data]))
    socket.send(Buffer.concat([header, asking, ...bodies]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async stop() {
      socket.close()
      await once(socket, 'close')
    }
  }
}

function answersTo(records: DnsRecords, type: (typeof types)[number] | '?', name: string): Buffer[] {
  const alias = records.cname?.[name]
  if (type === 'CNAME') return alias === undefined ? [] : [nameOf(alias)]
  if (type === 'A') return (records.a?.[name] ?? []).map((address) => Buffer.from(address.split('.').map(Number)))
  if (type === 'MX') return (records.mx?.[name] ?? []).map(({ exchange, priority }) => Buffer.concat([uint16(priority), nameOf(exchange)]))
  // RFC 1035 3.3.14: strings of at most 255 bytes each.
  if (type === 'TXT') return [records.txt?.[name] ?? []].flat().map((text) => Buffer.concat((text.match(/[^]{1,255}/g) ?? ['']).map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part, 'latin1')]))))
  return type === 'SRV' ? (records.srv?.[name] ?? []).map(({ name: target, port, priority = 0, weight = 0 }) => Buffer.concat([uint16(priority), uint16(weight), uint16(port), nameOf(target)])) : []
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = []
  let at = start
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length).toLowerCase())
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}

const nameOf = (name: string): Buffer => Buffer.concat([...name.split('.').filter((label) => label !== '').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])])
const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff])
