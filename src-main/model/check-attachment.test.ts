import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAttachment } from './check-attachment.ts'
import { realContentType } from './real-content-type.ts'

const bytes = {
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0],
  jpeg: [0xff, 0xd8, 0xff, 0xe0],
  pdf: [...Buffer.from('%PDF-1.7')],
  zip: [0x50, 0x4b, 3, 4, 20],
  ole: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
  exe: [0x4d, 0x5a, 0x90, ...Array.from({ length: 70 }, () => 0)],
  text: [...Buffer.from('MZ is how this text begins, and it is long enough to be looked at as a whole.')],
  none: []
}
const rules = { maxSize: 1000, blockedExtensions: ['EXE', 'bat'] }
const table: [string, string, keyof typeof bytes, number, string | null][] = [
  ['report.pdf', 'application/pdf', 'pdf', 10, null],
  ['report 2026 (final)-1_ü.pdf', 'application/pdf', 'pdf', 10, null],
  ['Alter.txt', 'text/plain', 'png', 10, 'content-type-mismatch'],
  ['page.html', 'text/html', 'pdf', 10, 'content-type-mismatch'],
  ['report.pdf', 'application/pdf', 'exe', 100, 'content-type-mismatch'],
  ['report.pdf', 'application/pdf', 'zip', 100, 'content-type-mismatch'],
  ['letter.docx', 'application/octet-stream', 'zip', 10, null],
  ['locked.docx', 'application/octet-stream', 'ole', 10, null],
  ['letter.doc', 'application/msword', 'ole', 10, null],
  ['photo.png', 'image/png', 'jpeg', 10, null],
  ['photo', 'image/png', 'png', 10, null],
  ['photo', 'text/plain', 'png', 10, 'content-type-mismatch'],
  ['data', 'application/octet-stream', 'png', 10, null],
  ['thing.unheard', 'application/x-unheard', 'zip', 10, null],
  ['photo.png', 'image/png', 'text', 10, null],
  ['notes.txt', 'text/plain', 'text', 10, null],
  ['virus.exe', 'application/octet-stream', 'exe', 10, 'extension-not-allowed'],
  ['virus.exe. ', 'application/octet-stream', 'exe', 10, 'extension-not-allowed'],
  ['RUN.BAT', 'text/plain', 'none', 10, 'extension-not-allowed'],
  ['a.exe.txt', 'text/plain', 'none', 10, null],
  ['tool.dll', 'application/octet-stream', 'exe', 10, null],
  ['empty.txt', 'text/plain', 'none', 0, 'empty-file'],
  ['at the limit.txt', 'text/plain', 'none', 1000, null],
  ['above it.txt', 'text/plain', 'none', 1001, 'too-large'],
  ['', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['..', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['../../etc/passwd', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['C:\\x.txt', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['a\nb.txt', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['a<b>.txt', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['exe\u202etxt.pdf', 'application/pdf', 'none', 10, 'invalid-file-name'],
  ['nul.txt', 'text/plain', 'none', 10, 'invalid-file-name'],
  ['console.txt', 'text/plain', 'none', 10, null],
  [`${'a'.repeat(260)}.txt`, 'text/plain', 'none', 10, 'invalid-file-name']
]
for (const [name, contentType, kind, size, code] of table)
  test(`attachment ${name.slice(0, 40)} (${contentType}, ${kind}, ${size})`, () => {
    const found = checkAttachment({ name, contentType, size, kind: realContentType(Uint8Array.from(bytes[kind])) }, rules)
    assert.equal(found?.code ?? null, code)
    if (found !== null) assert.ok(found.reason.endsWith('.') && found.remedy.endsWith('.'))
  })
