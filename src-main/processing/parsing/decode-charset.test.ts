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

/** Label as declared, charset that the bytes really have, bytes, text; bytes made by Python's codecs. */
const real: [string, string, string, string][] = [
  ['iso-2022-jp-1', 'iso2022_jp_1', '1b2442467c4b5c386c244e2561213c256b21222557256a2573253f1b2842', '日本語のメール、プリンタ'],
  ['iso-2022-jp-2', 'iso2022_jp_2', '1b2442467c4b5c386c244e2561213c256b21222557256a2573253f1b2842', '日本語のメール、プリンタ'],
  ['iso-2022-jp-2', 'iso2022_jp_2', '1b2428433e483367474f3c3c3f641b2842201b24284347413830454d1b2842', '안녕하세요 프린터'],
  ['iso-2022-jp-2', 'iso2022_jp_2', '1b242844305f1b244239252124424730753479542f4e3b1b2842', '你好，打印机坏了'],
  ['iso-2022-jp-3', 'iso2022_jp_3', '1b2442467c4b5c386c244e2561213c256b21222557256a2573253f1b2842', '日本語のメール、プリンタ'],
  ['Shift_JIS', 'cp932', '8740878aeee0ed95', '①㈱髙﨑'],
  ['EUC-JP', 'euc_jp', 'c6fccbdcb8eca4cea5e1a1bca5eba1a2a5d7a5eaa5f3a5bf', '日本語のメール、プリンタ'],
  ['uhc', 'cp949', 'bec8b3e7c7cfbcbcbfe420c7c1b8b0c5cd', '안녕하세요 프린터'],
  ['gb2312', 'gb18030', 'c4fabac3a3acd3a1b1ed994389c4c1cb', '您好，印表機壞了'],
  ['cp950', 'cp950', 'b17aa66ea141a64caaedbef7c361a446', '您好，印表機壞了'],
  ['koi8-u', 'koi8_u', 'f0d2c9d7a6d42c20a7d6c1cb20bdc1cecfcb', 'Привіт, їжак Ґанок'],
  ['x-mac-cyrillic', 'mac_cyrillic', '8ff0e8e2e5f22c20eff0e8edf2e5f020f1ebeeece0ed', 'Привет, принтер сломан'],
  ['ibm866', 'cp866', '8fe0a8a2a5e22c20afe0a8ade2a5e020e1abaeaca0ad', 'Привет, принтер сломан'],
  ['cp855', 'cp855', 'dde1b7eba8e52c20d8e1b7d4e5a8e120e3d0d6d2a0d4', 'Привет, принтер сломан'],
  ['cp1125', 'cp1125', '8fe0a8a2f7e22c20f9a6a0aa20f2a0adaeaa', 'Привіт, їжак Ґанок'],
  ['windows-1250', 'cp1250', '5a61bff3b3e62067ea9c6cb9206a619ff1', 'Zażółć gęślą jaźń'],
  ['cp852', 'cp852', '5a61bea288862067a9986ca5206a61abe4', 'Zażółć gęślą jaźń'],
  ['x-mac-ce', 'mac_latin2', '5a61fd97b88d2067abe66c88206a6190c4', 'Zażółć gęślą jaźń'],
  ['windows-1253', 'cp1253', 'cae1ebe7ecddf1e120eafcf3ece5', 'Καλημέρα κόσμε'],
  ['x-mac-greek', 'mac_greek', 'bae1ece8eddbf2e120ebdef3ede5', 'Καλημέρα κόσμε'],
  ['cp737', 'cp737', '8998a29ea3e2a89820a1e6a9a39c', 'Καλημέρα κόσμε'],
  ['windows-1254', 'cp1254', 'dd7374616e62756c20fdf064fd7220fe656b6572', 'İstanbul ığdır şeker'],
  ['x-mac-turkish', 'mac_turkish', 'dc7374616e62756c20dddb64dd7220df656b6572', 'İstanbul ığdır şeker'],
  ['cp857', 'cp857', '987374616e62756c208da7648d72209f656b6572', 'İstanbul ığdır şeker'],
  ['windows-1255', 'cp1255', 'f9ece5ed20f2e5eced', 'שלום עולם'],
  ['cp862', 'cp862', '998c858d2092858c8d', 'שלום עולם'],
  ['windows-1256', 'cp1256', 'e3d1cdc8c720c8c7e1dac7e1e3', 'مرحبا بالعالم'],
  ['windows-1257', 'cp1257', 'c0fe756f6c617320eb6a6f', 'Ąžuolas ėjo'],
  ['cp775', 'cp775', 'b5d8756f6c617320d36a6f', 'Ąžuolas ėjo'],
  ['TIS-620', 'tis_620', 'cac7d1cab4d5a4c3d1ba', 'สวัสดีครับ'],
  ['iso-8859-1', 'cp1252', '64e96ae020767520639c75722080', 'déjà vu cœur €'],
  ['iso-8859-16', 'iso8859_16', '5a61bff3b3e52067fdf76ca2206a61aef1', 'Zażółć gęślą jaźń'],
  ['macintosh', 'mac_roman', '648e6a882076752063cf757220db', 'déjà vu cœur €'],
  ['utf-7', 'utf_7', '2b5a65566e4c4971654d473477345444384d4f7377415444584d4f6f77387a432f2d', '日本語のメール、プリンタ'],
  ['utf-7', 'utf_7', '47722b4150774133772d6520617573204b2b4150592d6c6e', 'Grüße aus Köln'],
  ['utf-32le', 'utf_32_le', 'e56500002c6700009e8a00006e300000e1300000fc300000eb30000001300000d7300000ea300000f3300000bf300000', '日本語のメール、プリンタ'],
  ['gb2312', 'utf_8', 'e4bda0e5a5bdefbc8ce68993e58db0e69cbae59d8fe4ba86', '你好，打印机坏了'],
  ['euc-kr', 'utf_8', 'ec9588eb8595ed9598ec84b8ec9a9420ed9484eba6b0ed84b0', '안녕하세요 프린터'],
  ['big5', 'utf_8', 'e682a8e5a5bdefbc8ce58db0e8a1a8e6a99fe5a39ee4ba86', '您好，印表機壞了'],
  ['utf-8', 'iso2022_jp', '1b2442467c4b5c386c244e2561213c256b21222557256a2573253f1b2842', '日本語のメール、プリンタ'],
  ['iso-8859-1', 'iso2022_jp', '1b2442467c4b5c386c244e2561213c256b21222557256a2573253f1b2842', '日本語のメール、プリンタ'],
  ['', 'iso2022_kr', '1b2429430e3e483367474f3c3c3f640f200e47413830454d0f', '안녕하세요 프린터'],
  ['', 'hz', '7e7b44633a43232c347253213b7a3b35414b7e7d', '你好，打印机坏了'],
  ['cswindows31j', 'cp932', '93fa967b8cea82cc8381815b838b81418376838a8393835e', '日本語のメール、プリンタ'],
  ['', 'koi8_r', 'f0d2c9d7c5d42c20d0d2c9ced4c5d220d3cccfcdc1ce', 'Привет, принтер сломан'],
  ['', 'cp1251', 'cff0e8e2e5f22c20eff0e8edf2e5f020f1ebeeece0ed', 'Привет, принтер сломан'],
  ['', 'euc_kr', 'bec8b3e7c7cfbcbcbfe420c7c1b8b0c5cd', '안녕하세요 프린터'],
  ['', 'shift_jis', '93fa967b8cea82cc8381815b838b81418376838a8393835e', '日本語のメール、プリンタ'],
  ['', 'gb18030', 'c4e3bac3a3acb4f2d3a1bbfabbb5c1cb', '你好，打印机坏了'],
  ['', 'big5', 'b17aa66ea141a64caaedbef7c361a446', '您好，印表機壞了'],
  ['', 'euc_jp', 'c6fccbdcb8eca4cea5e1a1bca5eba1a2a5d7a5eaa5f3a5bf', '日本語のメール、プリンタ'],
  ['', 'cp1253', 'cae1ebe7ecddf1e120eafcf3ece5', 'Καλημέρα κόσμε']
]
for (const [label, codec, bytes, text] of real) test(`charset: ${label === '' ? 'none' : label} for ${codec}: ${text}`, () => assert.equal(decodeCharset(hex(bytes), label), text))

test('Western text without a label is not taken for another', () => {
  for (const text of ['Die Grüße für Köln über Ärger', 'été déjà où ça naïve', 'señor mañana ¿qué?', 'smørrebrød på øen', 'ÄÖÜ', '“quoted” – and… 5 € each', 'São João não é avião'])
    assert.equal(decodeCharset(Buffer.from(Array.from(text, (letter) => ({ '“': 0x93, '”': 0x94, '–': 0x96, '…': 0x85, '€': 0x80 })[letter] ?? letter.charCodeAt(0))), ''), text)
})
