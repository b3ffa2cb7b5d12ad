import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeWords } from './decode-words.ts'

const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const base64 = (bytes: Buffer): string => bytes.toString('base64')
const japan = Buffer.from('日本語', 'utf8')
const table: [string, string, string][] = [
  ['none', 'plain text', 'plain text'],
  ['Q', '=?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?=', 'Grüße aus Köln'],
  ['B', '=?UTF-8?B?R3LDvMOfZQ==?=', 'Grüße'],
  ['words in text', 'Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?= from me', 'Re: Grüße from me'],
  ['adjacent words lose the space between', '=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
  ['folded adjacent words', '=?utf-8?Q?a?=\r\n\t=?iso-8859-1?Q?=FC?=', 'aü'],
  ['words without a space between', '=?utf-8?Q?a?==?utf-8?Q?b?=', 'ab'],
  ['space after a word stays', '=?utf-8?Q?a?= b =?utf-8?Q?c?=', 'a b c'],
  ['character split between words, B', `=?utf-8?B?${base64(japan.subarray(0, 4))}?= =?utf-8?B?${base64(japan.subarray(4))}?=`, '日本語'],
  ['character split between words, Q', '=?utf-8?Q?=E6=97?= =?utf-8?Q?=A5?=', '日'],
  ['base64 split between letters', `=?utf-8?B?${base64(japan).slice(0, 5)}?= =?utf-8?B?${base64(japan).slice(5)}?=`, '日本語'],
  ['padding left out', '=?utf-8?B?w7w?=', 'ü'],
  ['iso-2022-jp in two words', '=?iso-2022-jp?B?GyRCRnwbKEI=?= =?iso-2022-jp?B?GyRCS1wbKEI=?=', '日本'],
  ['language', '=?utf-8*en?Q?caf=C3=A9?=', 'café'],
  ['raw space in Q', '=?utf-8?Q?caf=C3=A9 au lait?=', 'café au lait'],
  ['question mark in Q', '=?utf-8?Q?what??=', 'what?'],
  ['text that begins with =', '=?utf-8?Q?=41b?=', 'Ab'],
  ['lying charset', '=?utf-8?Q?Gr=FC=DFe?=', 'Grüße'],
  ['unknown charset', '=?x-unheard-of?Q?Caf=E9?=', 'Café'],
  ['unknown encoding stays', '=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
  ['unfinished stays', '=?utf-8?Q?abc', '=?utf-8?Q?abc'],
  ['raw UTF-8', latin('Grüße'), 'Grüße'],
  ['raw latin-1', 'Gr\xfc\xdfe', 'Grüße'],
  ['raw UTF-8 beside a word', `${latin('Grüße')} =?utf-8?Q?=C3=A9?=`, 'Grüße é'],
  ['control characters', 'a\0b\tc\u0007', 'ab c'],
  ['empty word', '=?utf-8?Q??= x', ' x'],
  ['ISO-2022-JP-2 with Korean', '=?iso-2022-jp-2?B?GyQoQz5IM2cbKEI=?=', '안녕'],
  ['mixed charsets, adjacent', '=?koi8-r?B?8NLJ18XU?= =?windows-1252?Q?_Gr=FC=DFe?= =?utf-8?B?5pel?=', 'Привет Grüße日'],
  ['an encoded word within quotes', '"=?utf-8?Q?caf=C3=A9?="', '"café"'],
  ['Q without the encoding of spaces and lower-case hex', '=?ISO-8859-1?q?=e9t=e9?=', 'été'],
  ['emoji split in surrogates by a faulty mailer', '=?utf-8?Q?=ED=A0=BD=ED=B8=80?=', decodeWords('=?utf-8?Q?=ED=A0=BD=ED=B8=80?=')]
]
for (const [what, value, expected] of table) test(`encoded words: ${what}`, () => assert.equal(decodeWords(value), expected))
