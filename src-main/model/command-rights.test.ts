import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Person, RequestRight } from '#contract/person.ts'
import { plainTemplate, requestTemplate } from '#contract/request-values.ts'
import { personNamed } from '../../testbed/step-input.ts'
import { maySet, whyNot } from './command-rights.ts'

const own = { number: 5, requester: 'Ann@example.net' }
const others = { number: 6, requester: 'bob@example.net' }
const table: [string, Partial<Person>, RequestRight, typeof own, RegExp | null][] = [
  ['an analyst without named rights may do all', { analyst: true }, 'edit', others, null],
  ['…', { analyst: true }, 'close', others, null],
  ['…', { analyst: true }, 'pick-up', others, null],
  ['an analyst with named rights may do these', { analyst: true, rights: ['edit'] }, 'edit', others, null],
  ['… and no others', { analyst: true, rights: ['edit'] }, 'close', own, /right to close requests/],
  ['a user without named rights may do nothing', {}, 'edit', own, /right to edit requests/],
  ['a user with a right may do it to their own', { rights: ['close'] }, 'close', own, null],
  ['… and to no other', { rights: ['close'] }, 'close', others, /Request 6 is not a request of Ann/],
  ['… and nothing else', { rights: ['close'] }, 'pick-up', own, /right to pick up requests/],
  ['an analyst who is no user', { user: false, analyst: true }, 'close', others, null]
]
for (const [what, person, right, request, reason] of table)
  test(`rights: ${what} (${right})`, () => assert.match(whyNot(personNamed('Ann', person), right, request) ?? 'none', reason ?? /^none$/))

const template = requestTemplate.parse({ name: 'T', additionalFields: ['Floor'], requesterFields: ['Category', 'floor'], technicianFields: ['Priority', 'Technician'] })
const fields: [string, Partial<Person>, string, boolean][] = [
  ['a user, a requester\'s field', {}, 'Category', true],
  ['a user, a label in another case', {}, 'Floor', true],
  ['a user, a technician\'s field', {}, 'Priority', false],
  ['an analyst only, a technician\'s field', { user: false, analyst: true }, 'priority', true],
  ['an analyst only, a requester\'s field', { user: false, analyst: true }, 'Category', false],
  ['both, a requester\'s field', { analyst: true }, 'Category', true],
  ['both, a technician\'s field', { analyst: true }, 'Technician', true],
  ['neither writes as a requester', { user: false }, 'Category', true]
]
for (const [what, person, field, expected] of fields) test(`fields: ${what}`, () => assert.equal(maySet(personNamed('Ann', person), template, field), expected))

test('fields: the plain template lets a requester set no priority and a technician everything documented', () => {
  assert.equal(maySet(personNamed('Ann'), plainTemplate, 'Priority'), false)
  assert.equal(maySet(personNamed('Ann', { analyst: true }), plainTemplate, 'Resolution'), true)
})
