import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeCharset } from './decode-charset.ts'

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const table: [string, Buffer, string, string][] = [
  ['ASCII', utf8('plain'), 'us-ascii', 'plain'],
  ['UTF-8', utf8('Grüße €'), 'utf-8', 'Grüße €'],
  ['quoted, spaced label', utf8('Grüße'), ' "UTF-8" ', 'Grüße'],
  ['utf8mb4', utf8('😀'), 'utf8mb4', '😀'],
  ['windows-1252 by cp1252', hex('80 99 e4'), 'cp1252', '€™ä'],
  ['latin-1 is read as windows-1252', hex('80'), 'iso-8859-1', '€'],
  ['iso8859-15', hex('a4'), 'ISO8859-15', '€'],
  ['iso_8859_2', hex('b1'), 'iso_8859_2', 'ą'],
  ['win-1251', hex('cf f0 e8 e2 e5 f2'), 'win-1251', 'Привет'],
  ['koi8-r', hex('f0 d2 c9 d7 c5 d4'), 'koi8-r', 'Привет'],
  ['iso-8859-8-i', hex('f9 ec e5 ed'), 'iso-8859-8-i', 'שלום'],
  ['iso-8859-8-e', hex('f9 ec e5 ed'), 'iso-8859-8-e', 'שלום'],
  ['gb2312', hex('c4 e3 ba c3'), 'gb2312', '你好'],
  ['gb2312 with GBK beyond it', hex('96 7c'), 'GB_2312', '東'.normalize() === '東' ? new TextDecoder('gbk').decode(hex('96 7c')) : ''],
  ['gb18030 four bytes', hex('81 30 84 36'), 'gb18030', '¥'],
  ['big5', hex('a7 41 a6 6e'), 'Big5', '你好'],
  ['euc-kr', hex('be c8 b3 e7'), 'ks_c_5601-1987', '안녕'],
  ['cp949', hex('be c8 b3 e7'), 'cp949', '안녕'],
  ['shift_jis by x-sjis', hex('93 fa 96 7b'), 'x-sjis', '日本'],
  ['cp932', hex('93 fa 96 7b'), 'CP932', '日本'],
  ['euc-jp', hex('c6 fc cb dc'), 'euc-jp', '日本'],
  ['iso-2022-jp', hex('1b 24 42 46 7c 4b 5c 1b 28 42'), 'iso-2022-jp', '日本'],
  ['iso-2022-jp, words joined', hex('1b 24 42 46 7c 1b 28 42 1b 24 42 4b 5c 1b 28 42'), 'iso-2022-jp', '日本'],
  ['iso-2022-jp undeclared', hex('1b 24 42 46 7c 4b 5c 1b 28 42'), '', '日本'],
  ['iso-2022-jp declared as us-ascii', hex('1b 24 42 46 7c 4b 5c 1b 28 42'), 'us-ascii', '日本'],
  ['iso-2022-kr', hex('1b 24 29 43 0e 3e 48 33 67 0f 21'), 'iso-2022-kr', '안녕!'],
  ['hz-gb-2312', utf8('A ~{DcGR~} ~~'), 'hz-gb-2312', `A ${new TextDecoder('gbk').decode(hex('c4 e3 c7 d2'))} ~`],
  ['utf-7', utf8('Gr+APwA3w-e 1 +- 2'), 'utf-7', 'Grüße 1 + 2'],
  ['utf-16 with mark', hex('fe ff 00 47 20 ac'), 'utf-16', 'G€'],
  ['utf-16 with little mark', hex('ff fe 47 00 ac 20'), 'utf-16', 'G€'],
  ['utf-16 without mark, little', hex('47 00 72 00 fc 00'), 'utf-16', 'Grü'],
  ['utf-16 without mark, big', hex('00 47 00 72 00 fc'), 'utf-16', 'Grü'],
  ['utf-16le', hex('47 00'), 'utf-16le', 'G'],
  ['utf-16be', hex('00 47'), 'utf-16be', 'G'],
  ['utf-32', hex('00 00 00 47 00 01 f6 00'), 'utf-32', 'G😀'],
  ['cp437', hex('81 e1'), 'cp437', 'üß'],
  ['cp850', hex('81 e1'), 'ibm850', 'üß'],
  ['windows-874', hex('a1'), 'cp874', 'ก'],
  ['undeclared UTF-8', utf8('Grüße'), '', 'Grüße'],
  ['undeclared 8 bit', hex('47 72 fc df 65'), '', 'Grüße'],
  ['us-ascii with UTF-8', utf8('Grüße'), 'us-ascii', 'Grüße'],
  ['us-ascii with 8 bit', hex('47 72 fc df 65'), 'us-ascii', 'Grüße'],
  ['unknown charset', hex('43 61 66 e9'), 'x-unheard-of', 'Café'],
  ['unknown charset with UTF-8', utf8('Café'), 'x-unheard-of', 'Café'],
  ['declared UTF-8, but latin-1', hex('47 72 fc df 65'), 'utf-8', 'Grüße'],
  ['declared UTF-8, cut in a character', Buffer.concat([utf8('Grüße € und €'), hex('e2 82')]), 'utf-8', 'Grüße € und €\uFFFD'],
  ['declared latin-1, but UTF-8', utf8('Grüße'), 'iso-8859-1', 'Grüße'],
  ['declared windows-1251, but UTF-8', utf8('Привет'), 'windows-1251', 'Привет'],
  ['declared gb2312, but UTF-8', utf8('Привет, мир'), 'gb2312', new TextDecoder('gbk').decode(utf8('Привет, мир')).includes('\uFFFD') ? 'Привет, мир' : new TextDecoder('gbk').decode(utf8('Привет, мир'))],
  ['declared shift_jis, but UTF-8', utf8('日本語のメール'), 'shift_jis', '日本語のメール'],
  ['NUL bytes are left out', utf8('a\0b'), 'utf-8', 'ab'],
  ['UTF-8 mark is left out', Buffer.concat([hex('ef bb bf'), utf8('é')]), 'utf-8', 'é'],
  ['prototype names are no charsets', utf8('é'), 'constructor', 'é'],
  ['__proto__', utf8('é'), '__proto__', 'é'],
  ['nothing', Buffer.alloc(0), 'utf-8', '']
]
for (const [what, bytes, charset, expected] of table) test(`charset: ${what}`, () => assert.equal(decodeCharset(bytes, charset), expected))

test('bytes that are no UTF-8 are read as the fallback where it is known', () => {
  assert.equal(decodeCharset(hex('cf f0 e8 e2 e5 f2'), '', 'windows-1251'), 'Привет')
  assert.equal(decodeCharset(hex('c4 e3 ba c3'), null, 'gb2312'), '你好')
})

test('every label of a random kind gives a text', () => {
  for (const label of ['', 'x', '\0', 'utf-', '=?', 'a'.repeat(10_000), 'iso-8859-99', 'windows-', 'cp0', '../../etc', 'replacement', 'iso-2022-cn'])
    assert.equal(typeof decodeCharset(hex('00 ff 80 1b 24 42 fe'), label), 'string')
})
