import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurn } from './dns-records.ts'
import { signInsIn } from './probe-servers.ts'

const offers: [string[], string[]][] = [
  [['IMAP4REV1', 'AUTH=PLAIN', 'AUTH=XOAUTH2', 'LOGINDISABLED'], ['PLAIN', 'XOAUTH2', 'LOGINDISABLED']],
  [['SIZE 1000', 'AUTH PLAIN LOGIN', 'AUTH=PLAIN LOGIN', '8BITMIME'], ['PLAIN', 'LOGIN']],
  [['TOP', 'USER', 'SASL PLAIN OAUTHBEARER'], ['USER', 'PLAIN', 'OAUTHBEARER']],
  [['auth plain'], ['PLAIN']],
  [['AUTHENTICATE', 'USERS'], []]
]
for (const [capabilities, wanted] of offers) test(capabilities.join(', '), () => assert.deepEqual(signInsIn(capabilities), wanted))

test('SRV records are taken by priority, then weight', () => {
  const record = (name: string, priority: number, weight: number) => ({ name, port: 1, priority, weight })
  assert.deepEqual(inTurn([record('c', 10, 0), record('b', 0, 1), record('a', 0, 50), record('d', 20, 99), record('e', 30, 1)]).map(({ name }) => name), ['a', 'b', 'c', 'd'])
})
