import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseParameters } from './parse-parameters.ts'

const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const table: [string, string, string, Record<string, string>][] = [
  ['plain', 'text/plain; charset=utf-8', 'text/plain', { charset: 'utf-8' }],
  ['capitals and spaces', 'Text/HTML ; Charset = "UTF-8" ; x=y', 'text/html', { charset: 'UTF-8', x: 'y' }],
  ['no parameters', 'attachment', 'attachment', {}],
  ['semicolon in quotes', 'attachment; filename="a;b.txt"; size=3', 'attachment', { filename: 'a;b.txt', size: '3' }],
  ['escaped quote', 'attachment; filename="a\\"b.txt"', 'attachment', { filename: 'a"b.txt' }],
  ['Windows path', 'attachment; filename="C:\\temp\\new.txt"', 'attachment', { filename: 'C:\\temp\\new.txt' }],
  ['unquoted with spaces', 'attachment; filename=my long name.pdf', 'attachment', { filename: 'my long name.pdf' }],
  ['missing semicolon', 'text/plain charset=utf-8', 'text/plain', { charset: 'utf-8' }],
  ['missing semicolon between', 'text/plain; charset=utf-8 format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
  ['boundary with equals', 'multipart/mixed; boundary="----=_Part_1=2"', 'multipart/mixed', { boundary: '----=_Part_1=2' }],
  ['unquoted boundary with equals', 'multipart/mixed; boundary=----=_Part_1', 'multipart/mixed', { boundary: '----=_Part_1' }],
  ['unclosed quote', 'multipart/mixed; boundary="abc', 'multipart/mixed', { boundary: 'abc' }],
  ['charset by RFC 2231', "attachment; filename*=utf-8''%e2%82%ac%20rates.pdf", 'attachment', { filename: '€ rates.pdf' }],
  ['RFC 2231 in latin-1 with language', "attachment; filename*=iso-8859-1'de'Gr%FC%DFe.txt", 'attachment', { filename: 'Grüße.txt' }],
  ['continuations', 'attachment; filename*0="a very "; filename*1="long"; filename*2=" name.txt"', 'attachment', { filename: 'a very long name.txt' }],
  ['continuations out of order', 'attachment; filename*1=b.txt; filename*0=a', 'attachment', { filename: 'ab.txt' }],
  ['continuations, partly encoded', "attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac; filename*2=.txt", 'attachment', { filename: '€.txt' }],
  ['extended wins over plain', "attachment; filename=\"euro.txt\"; filename*=utf-8''%e2%82%ac.txt", 'attachment', { filename: '€.txt' }],
  ['extended without a charset', 'attachment; filename*=%e2%82%ac.txt', 'attachment', { filename: '€.txt' }],
  ['encoded word in quotes', 'attachment; filename="=?utf-8?B?4oKsLnR4dA==?="', 'attachment', { filename: '€.txt' }],
  ['raw UTF-8', latin('attachment; filename="Grüße.txt"'), 'attachment', { filename: 'Grüße.txt' }],
  ['raw latin-1', 'attachment; filename="Gr\xfc\xdfe.txt"', 'attachment', { filename: 'Grüße.txt' }],
  ['comment after a token', 'text/plain; charset=us-ascii (Plain text)', 'text/plain', { charset: 'us-ascii' }],
  ['the first of two wins', 'text/plain; charset=utf-8; charset=latin1', 'text/plain', { charset: 'utf-8' }],
  ['prototype names', 'text/plain; __proto__=x; constructor=y', 'text/plain', { constructor: 'y', ['__proto__']: 'x' }],
  ['nothing', '', '', {}]
]
for (const [what, header, value, parameters] of table)
  test(`parameters: ${what}`, () => {
    const read = parseParameters(header)
    assert.equal(read.value, value)
    assert.deepEqual([...read.parameters].sort(), Object.entries(parameters).sort())
  })
