import { crc32, deflateSync } from 'node:zlib'
import type { FilePart } from './build-message.ts'
import type { DemoFile } from './demo-mail.ts'
import { packWinmail } from './pack-winmail.ts'

/** The bytes of a demo file, of the kind that its name says; an invitation begins so many days after `now`. */
export const makeFile = (file: DemoFile, now: Date): FilePart => {
  const attached = (name: string, contentType: string, content: Buffer): FilePart => ({ kind: 'file', name, contentType, content, disposition: 'attachment' })
  switch (file.kind) {
    case 'screenshot':
      return attached(file.name, 'image/png', drawScreenshot(file.hue))
    case 'text':
      return attached(file.name, file.name.endsWith('.csv') ? 'text/csv' : 'text/plain', Buffer.from(file.text))
    case 'pdf':
      return attached(file.name, 'application/pdf', printPdf(file.text))
    case 'program':
      return attached(file.name, 'application/octet-stream', Buffer.concat([Buffer.from('MZ\x90\0\x03\0', 'latin1'), Buffer.alloc(2_000)]))
    case 'invitation':
      return attached('invite.ics', 'text/calendar; method=REQUEST', invitation(file.subject, new Date(now.getTime() + file.inDays * 86_400_000)))
    case 'winmail':
      return attached('winmail.dat', 'application/ms-tnef', packWinmail(file.inside))
  }
}

type Colour = readonly [red: number, green: number, blue: number]

/** A PNG of 480×270: a desktop in a hue with a dialog that has a title bar, lines of text and a button. */
function drawScreenshot(hue: number): Buffer {
  const [width, height] = [480, 270]
  const rows = Buffer.alloc(height * (1 + width * 3))
  const fill = (left: number, top: number, right: number, bottom: number, colour: Colour): void => {
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) rows.set(colour, y * (1 + width * 3) + 1 + x * 3)
  }
  const tone = (offset: number, base: number, range: number): number => Math.round(base + range * Math.sin(((hue + offset) * Math.PI) / 180))
  fill(0, 0, width, height, [tone(90, 90, 40), tone(330, 110, 40), tone(210, 140, 40)])
  fill(0, height - 16, width, height, [32, 34, 40])
  fill(92, 62, 396, 206, [30, 32, 38])
  fill(90, 60, 390, 200, [248, 248, 250])
  fill(90, 60, 390, 82, [tone(90, 120, 80), 60, tone(210, 120, 80)])
  fill(376, 66, 386, 76, [230, 80, 70])
  fill(106, 98, 134, 126, [214, 60, 50])
  for (const [line, length] of [190, 220, 150, 205, 90].entries()) fill(148, 98 + line * 13, 148 + length, 104 + line * 13, [110, 112, 120])
  fill(316, 172, 376, 190, [40, 104, 200])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** A PDF 1.4 of one page with one line. */
function printPdf(text: string): Buffer {
  const content = `BT /F1 18 Tf 72 760 Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`, 'latin1')
}

/** An iCalendar request (RFC 5546) of one hour. */
function invitation(subject: string, start: Date): Buffer {
  const stamp = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//demo.example//calendar//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT', `UID:${start.getTime()}@demo.example`, `DTSTAMP:${stamp(start)}`, `DTSTART:${stamp(start)}`, `DTEND:${stamp(new Date(start.getTime() + 3_600_000))}`, `SUMMARY:${subject}`, 'ORGANIZER:mailto:facilities@demo.example', 'ATTENDEE:mailto:it@demo.example', 'END:VEVENT', 'END:VCALENDAR', '']
  return Buffer.from(lines.join('\r\n'))
}
