import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddresses } from './parse-addresses.ts'

const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const table: [string, string, [string, string][]][] = [
  ['plain', 'ann@example.com', [['', 'ann@example.com']]],
  ['name and angle', 'Ann Lee <Ann.Lee@Example.COM>', [['Ann Lee', 'Ann.Lee@example.com']]],
  ['quoted name with a comma', '"Lee, Ann" <ann@example.com>, bob@example.com', [['Lee, Ann', 'ann@example.com'], ['', 'bob@example.com']]],
  ['escapes in a quoted name', '"Ann \\"A\\" Lee" <ann@example.com>', [['Ann "A" Lee', 'ann@example.com']]],
  ['comment as name', 'ann@example.com (Ann (the first) Lee)', [['Ann (the first) Lee', 'ann@example.com']]],
  ['comment inside', 'Ann <ann(home)@example(.test).com>', [['Ann', 'ann@example.com']]],
  ['group', 'Team: Ann <ann@example.com>, bob@example.com; carl@example.com', [['Ann', 'ann@example.com'], ['', 'bob@example.com'], ['', 'carl@example.com']]],
  ['empty group', 'undisclosed-recipients:;', []],
  ['semicolons of Outlook', 'ann@example.com; Bob <bob@example.com>;', [['', 'ann@example.com'], ['Bob', 'bob@example.com']]],
  ['obsolete route', '<@one.example,@two.example:ann@example.com>', [['', 'ann@example.com']]],
  ['quoted local part', '"ann lee"@Example.com', [['', '"ann lee"@example.com']]],
  ['quoted local part in angles', 'Ann <"ann, lee"@example.com>', [['Ann', '"ann, lee"@example.com']]],
  ['address in quotes as name', '"ann@example.com" <ann@example.com>', [['ann@example.com', 'ann@example.com']]],
  ['only a quoted address', '"ann@example.com"', [['', 'ann@example.com']]],
  ['encoded word', '=?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <j@example.com>', [['Jörg Müller', 'j@example.com']]],
  ['encoded word in quotes', '"=?utf-8?B?SsO2cmc=?=" <j@example.com>', [['Jörg', 'j@example.com']]],
  ['encoded word holding a raw comma', '=?utf-8?Q?M=C3=BCller,_J?= <j@example.com>', [['Müller, J', 'j@example.com']]],
  ['decoded comma does not separate', '=?utf-8?B?TcO8bGxlciwgSg==?= <j@example.com>', [['Müller, J', 'j@example.com']]],
  ['whole address encoded', '=?utf-8?B?QW5uIDxhbm5AZXhhbXBsZS5jb20+?=', [['Ann', 'ann@example.com']]],
  ['raw UTF-8', latin('Jörg <jörg@müller.example>'), [['Jörg', 'jörg@müller.example']]],
  ['raw latin-1', 'J\xf6rg <j@example.com>', [['Jörg', 'j@example.com']]],
  ['domain in capitals, unicode', latin('x@MÜLLER.example'), [['', 'x@müller.example']]],
  ['missing closing angle', 'Ann <ann@example.com, bob@example.com', [['Ann', 'ann@example.com'], ['', 'bob@example.com']]],
  ['unclosed quote', '"Ann <ann@example.com>', [['Ann', 'ann@example.com']]],
  ['name before a bare address', 'Ann Lee ann@example.com', [['Ann Lee', 'ann@example.com']]],
  ['spaces around the at sign', 'ann @ example.com', [['', 'ann@example.com']]],
  ['mailto', 'Ann <mailto:ann@example.com>', [['Ann', 'ann@example.com']]],
  ['trailing dot of the domain', 'ann@example.com.', [['', 'ann@example.com']]],
  ['domain literal', 'ann@[192.0.2.1]', [['', 'ann@[192.0.2.1]']]],
  ['IPv6 literal', 'Ann <ann@[IPv6:2001:db8::1]>', [['Ann', 'ann@[ipv6:2001:db8::1]']]],
  ['local user', 'root', [['', 'root']]],
  ['daemon in angles', 'Mail System <MAILER-DAEMON>', [['Mail System', 'MAILER-DAEMON']]],
  ['null reverse path', '<>', []],
  ['a name and no address', 'Ann Lee', []],
  ['nothing', '', []],
  ['only separators', ',;, ;', []],
  ['folded with tabs', 'Ann\t<ann@example.com>,\t\tBob\t<bob@example.com>', [['Ann', 'ann@example.com'], ['Bob', 'bob@example.com']]],
  ['double angles', 'Ann <<ann@example.com>>', [['Ann', 'ann@example.com']]],
  ['plus and dots kept', 'A.b+C@EXAMPLE.com', [['', 'A.b+C@example.com']]]
]
for (const [what, value, expected] of table)
  test(`addresses: ${what}`, () => assert.deepEqual(parseAddresses(value).map(({ name, address }) => [name, address]), expected))
