import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayOpenRequest } from './may-open-request.ts'

const except = ['Example.com', 'boss@example.org']
const table: [string, string, boolean, boolean][] = [
  ['allowed', 'x@y.z', true, true],
  ['allowed, and named', 'ann@example.com', true, true],
  ['disabled', 'x@y.z', false, false],
  ['disabled, domain named', 'Ann@example.COM', false, true],
  ['disabled, subdomain of it', 'ann@mail.example.com', false, false],
  ['disabled, domain that ends so', 'ann@notexample.com', false, false],
  ['disabled, address named', 'Boss@Example.org', false, true],
  ['disabled, another of that domain', 'ann@example.org', false, false],
  ['disabled, no address', '', false, false]
]
for (const [what, from, allowed, expected] of table) test(`new requests: ${what}`, () => assert.equal(mayOpenRequest(from, { allowed, except }).allowed, expected))
