import { readFileSync, readdirSync } from 'node:fs'
import { buildTnef, plainRtf } from './build-tnef.ts'
import { createChance, type Chance } from './chance.ts'
import { mixedMessages } from './message-generator.ts'

/** Names of charsets, known and unknown, that a mutation writes into a message. */
const charsets = ['utf-8', 'us-ascii', 'iso-8859-1', 'windows-1251', 'koi8-r', 'iso-2022-jp', 'iso-2022-kr', 'hz-gb-2312', 'shift_jis', 'gb18030', 'big5', 'euc-kr', 'utf-7', 'utf-16', 'utf-16le', 'utf-32', 'unknown-8bit', 'x-unheard-of', '"', "'';", 'a'.repeat(500)]
const fields = [
  'Content-Type: multipart/mixed; boundary=b', 'Content-Type: multipart/alternative; boundary=""', 'Content-Type: message/delivery-status', 'Content-Type: message/rfc822', 'Content-Type: application/ms-tnef', 'Content-Type: application/pkcs7-mime; smime-type=signed-data',
  'Content-Type: text/calendar; method=REQUEST', 'Content-Type: text/html', 'Content-Type: multipart/report; report-type=delivery-status; boundary=r', 'Content-Type: multipart/signed; boundary=s', 'Content-Type: text/plain; format=flowed; delsp=yes', 'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable', 'Content-Transfer-Encoding: x-uuencode', 'Content-Disposition: attachment; filename*0*=utf-8\'\'%; filename*1=x', 'From: ', 'From: <>', 'From: MAILER-DAEMON@a.b', 'X-Failed-Recipients: a@b.c', 'Date: Fri, 99 Foo 99999 99:99:99 +9999', 'Message-ID: <', 'Subject: =?utf-8?B?', 'Subject: Fwd: x'
]
const lines = ['--b', '--b--', '--', '--=_part', 'begin 644 x', 'end', '`', 'M', '-----BEGIN PGP SIGNED MESSAGE-----', '-----BEGIN PGP SIGNATURE-----', '---------- Forwarded message ---------', 'From: a@b.c', 'BEGIN:VEVENT', 'END:VCALENDAR', '.', '', ' ', '\t', '>', '<table><tr><td>', '<!--', '<blockquote>', '&#x', '=', '\x1b$B', '~{', '+AG']

/** Sound messages to be damaged: generated mail, odd samples of the folder odd-messages, winmail.dat. */
export function fuzzSeeds(): Buffer[] {
  const folder = new URL('odd-messages/', import.meta.url)
  const odd = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().map((name) => readFileSync(new URL(name, folder)))
  const generated = mixedMessages(60, { seed: 11 }).map(({ raw }) => raw).filter((raw) => raw.length < 40_000)
  return [...odd, ...generated, winmail()]
}

/** Message number `index` of a series: the same seed and number give the same bytes. */
export function mutated(seeds: readonly Buffer[], seed: number, index: number): Buffer {
  const chance = createChance(seed * 1_000_003 + index)
  let raw: Buffer = Buffer.from(chance.pick(seeds))
  for (let times = chance.between(1, 6); times > 0; times--) raw = chance.pick(mutations)(raw, chance, seeds)
  return raw.length > 2_000_000 ? raw.subarray(0, 2_000_000) : raw
}

function winmail(): Buffer {
  const tnef = buildTnef({ files: [{ name: 'NOTE~1.TXT', longName: 'Notes März.txt', data: Buffer.from('Notes') }, { name: 'p.png', data: Buffer.from('89504e470d0a1a0a', 'hex'), contentId: 'p@x' }], rtf: plainRtf('{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}Text\\htmlrtf \\par\\htmlrtf0 {\\*\\htmltag72 </p>}}') })
  return Buffer.from(`From: ann@example.org\r\nTo: it@example.com\r\nSubject: winmail\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${tnef.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`)
}

type Mutation = (raw: Buffer, chance: Chance, seeds: readonly Buffer[]) => Buffer
const place = (raw: Buffer, chance: Chance): number => chance.between(0, Math.max(0, raw.length - 1))
const splice = (raw: Buffer, at: number, remove: number, insert: Buffer | string): Buffer => Buffer.concat([raw.subarray(0, at), typeof insert === 'string' ? Buffer.from(insert, 'latin1') : insert, raw.subarray(Math.min(raw.length, at + remove))])
/** Where the line that holds `at` begins, and where the next one does. */
function lineAt(raw: Buffer, at: number): { start: number; next: number } {
  const feed = raw.indexOf(10, at)
  return { start: at === 0 ? 0 : raw.lastIndexOf(10, at - 1) + 1, next: feed === -1 ? raw.length : feed + 1 }
}
function replaceSome(raw: Buffer, chance: Chance, pattern: RegExp, by: () => string): Buffer {
  return Buffer.from(raw.toString('latin1').replace(pattern, (whole: string) => (chance.draw() < 0.5 ? by() : whole)), 'latin1')
}

const mutations: readonly Mutation[] = [
  function flipBits(raw, chance) {
    for (let times = chance.between(1, 20); times > 0 && raw.length > 0; times--) {
      const at = place(raw, chance)
      raw[at] = (raw[at] as number) ^ (1 << chance.between(0, 7))
    }
    return raw
  },
  (raw, chance) => raw.subarray(0, place(raw, chance)),
  (raw, chance) => raw.subarray(place(raw, chance)),
  (raw, chance) => splice(raw, place(raw, chance), chance.between(1, 300), ''),
  function repeatLine(raw, chance) {
    const { start, next } = lineAt(raw, place(raw, chance))
    return splice(raw, next, 0, Buffer.concat(Array.from({ length: chance.between(1, 30) }, () => raw.subarray(start, next))))
  },
  function removeLine(raw, chance) {
    const { start, next } = lineAt(raw, place(raw, chance))
    return splice(raw, start, next - start, '')
  },
  function swapLines(raw, chance) {
    const one = lineAt(raw, place(raw, chance))
    const other = lineAt(raw, Math.min(one.next, raw.length))
    return Buffer.concat([raw.subarray(0, one.start), raw.subarray(one.next, other.next), raw.subarray(one.start, one.next), raw.subarray(Math.max(one.next, other.next))])
  },
  (raw, chance) => splice(raw, lineAt(raw, place(raw, chance)).start, 0, `${chance.pick(lines)}${chance.pick(['\r\n', '\n', '\r', ''])}`),
  (raw, chance) => splice(raw, lineAt(raw, chance.between(0, Math.min(raw.length, 600))).start, 0, `${chance.pick(fields)}\r\n`),
  (raw, chance) => splice(raw, 0, 0, `${chance.pick(fields)}\r\n`),
  (raw, chance) => replaceSome(raw, chance, /charset=("[^"]*"|[^;\s]+)/gi, () => `charset=${chance.pick(charsets)}`),
  (raw, chance) => replaceSome(raw, chance, /=\?[\w-]+\?/g, () => `=?${chance.pick(charsets)}?`),
  (raw, chance) => replaceSome(raw, chance, /boundary=("[^"]*"|[^;\s]+)/gi, () => `boundary=${chance.pick(['b', '""', '"="', 'x'.repeat(400), '--', '"a b"'])}`),
  (raw, chance) => replaceSome(raw, chance, /^--[^\r\n]+/gm, () => chance.pick(['--b', '--', '--b--', ''])),
  (raw, chance) => replaceSome(raw, chance, /content-transfer-encoding:[^\r\n]*/gi, () => `Content-Transfer-Encoding: ${chance.pick(['base64', 'quoted-printable', '8bit', 'uuencode', 'x'])}`),
  (raw, chance) => splice(raw, place(raw, chance), 0, Buffer.alloc(chance.between(1, 400), chance.pick([0, 0xff, 0x0d, 0x0a, 0x20, 0x3d, 0x1b, 0x80]))),
  (raw, chance) => splice(raw, chance.between(0, Math.min(raw.length, 400)), 0, `X-Huge: ${chance.pick(['y', '=?utf-8?Q?', '<', '"', '(', 'a@b.c, ', '; x*0*=', '\r\n '])}`.padEnd(10, ' ') + chance.pick(['z', '?=', ' (', '<a', '",', '\r\n\t']).repeat(chance.between(1, 5_000))),
  function nest(raw, chance) {
    const depth = chance.between(1, 120)
    const opening = Array.from({ length: depth }, (_, level) => `Content-Type: multipart/${chance.pick(['mixed', 'alternative', 'signed', 'report'])}; boundary=n${level}\r\n\r\n--n${level}\r\n`).join('')
    return Buffer.concat([Buffer.from(`From: a@b.c\r\n${opening}`), raw])
  },
  (raw, chance) => Buffer.concat([Buffer.from('From: a@b.c\r\nSubject: Fwd: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n'), raw, Buffer.from(chance.pick(['\r\n--q--\r\n', '']))]),
  (raw, chance, seeds) => splice(raw, place(raw, chance), chance.between(0, 500), chance.pick(seeds).subarray(0, chance.between(1, 4_000))),
  (raw, chance) => replaceSome(raw, chance, /\r\n/g, () => chance.pick(['\n', '\r', '\r\r\n', ''])),
  function wrongLengths(raw, chance) {
    // What is in base64 holds lengths: damage bytes of what it decodes to.
    return Buffer.from(raw.toString('latin1').replace(/(?:[A-Za-z0-9+/]{60,76}\r?\n){2,}/, (block) => {
      const decoded = Buffer.from(block, 'base64')
      for (let times = chance.between(1, 8); times > 0; times--) decoded[chance.between(0, Math.min(decoded.length - 1, 400))] = chance.pick([0, 0xff, 0x80, 0x7f, 0x84, chance.between(0, 255)])
      return `${decoded.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`
    }), 'latin1')
  }
]
