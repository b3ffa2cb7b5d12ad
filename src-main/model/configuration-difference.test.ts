import { test } from 'node:test'
import assert from 'node:assert/strict'
import { formDifference, type Form } from './configuration-difference.ts'

const server: Form = { name: 'it', port: 993, push: true, proxy: null, addresses: ['a@x.org', 'b@x.org'], errorFolder: { name: 'Errors', stopAfter: 50 } }
const rows: [string, Form | null, Form | null, [string, string, string][]][] = [
  ['nothing changed', server, structuredClone(server), []],
  ['a number', server, { ...server, port: 143 }, [['port', '993', '143']]],
  ['a switch', server, { ...server, push: false }, [['push', 'yes', 'no']]],
  ['a list', server, { ...server, addresses: ['a@x.org'] }, [['addresses', 'a@x.org, b@x.org', 'a@x.org']]],
  ['a nested field', server, { ...server, errorFolder: { name: 'Errors', stopAfter: null } }, [['errorFolder.stopAfter', '50', '']]],
  ['a group that was not there', { alternate: null }, { alternate: { host: 'b', port: 25 } }, [['alternate.host', '', 'b'], ['alternate.port', '', '25']]],
  ['something new', null, { name: 'it', port: 1 }, [['name', '', 'it'], ['port', '', '1']]],
  ['something gone', { name: 'it' }, null, [['name', 'it', '']]]
]
for (const [title, from, to, expected] of rows)
  test(`difference: ${title}`, () => assert.deepEqual(formDifference(from, to).map(({ field, from: was, to: is }) => [field, was, is]), expected))
