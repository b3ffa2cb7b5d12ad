import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Person } from '#contract/person.ts'
import { noFindings, personNamed, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import type { Findings } from '../step.ts'
import { people } from './people.ts'

const after = (person: Person | null, said: SaidOfStep = {}, findings: Partial<Findings> = {}) => {
  const input = stepInput({ ...said, people: [...(person === null ? [] : [person]), ...(said.people ?? [])] })
  const answer = people(input, { ...noFindings(input), ...findings })
  assert.equal(answer.outcome, 'pass')
  return { detail: answer.detail, people: ('found' in answer ? answer.found?.people : null) ?? [], logging: ('found' in answer ? answer.found?.values?.loggingAnalyst : null) ?? null }
}
const boss = 'boss@example.com'
const linked = { useLinkedAnalyst: true, defaultLoggingAnalyst: boss }
const unlinked = { useLinkedAnalyst: false, defaultLoggingAnalyst: boss }
const becomes = (existing: number | null) => [{ address: 'ann@example.net', name: 'Ann', user: true, existing }]
const user = personNamed('Ann')
const analystOnly = personNamed('Ann', { user: false, analyst: true })
const both = personNamed('Ann', { analyst: true })

// Sentences of Alemba ASM Core, "How Calls are Logged using Email Settings", row by row.
const page: [string, Person | null, typeof linked, unknown[], string][] = [
  ['"does not correspond to an existing User or Analyst": "a new User record is created", "Default Logging Analyst"', null, unlinked, becomes(null), boss],
  ['… also where Use Linked Analyst is selected', null, linked, becomes(null), boss],
  ['"Analyst Only", "If the Use Linked Analyst option is selected … the person who sent the email"; "the User flag will be selected"', analystOnly, linked, becomes(1), 'ann@example.net'],
  ['"Analyst Only", "If not, … the Default Logging Analyst"; "the User flag will be selected"', analystOnly, unlinked, becomes(1), boss],
  ['"an existing User": "Default Logging Analyst … (whether Use Linked Analyst is selected or not)": selected', user, linked, [], boss],
  ['"an existing User": … not selected', user, unlinked, [], boss],
  ['"both an Analyst and a User", "If Use Linked Analyst is selected … the person who sent the email"', both, linked, [], 'ann@example.net'],
  ['"both an Analyst and a User", "If not, … the Default Logging Analyst"', both, unlinked, [], boss]
]
for (const [sentence, person, server, changes, logging] of page)
  test(`people: ${sentence}`, () => {
    const { people, logging: found } = after(person, { server })
    assert.deepEqual([people, found], [changes, logging])
  })

const automatic = { kind: 'answer', sign: 'Auto-Submitted: auto-replied' } as const
const more: [string, Person | null, SaidOfStep, Partial<Findings>, unknown[], string | null, RegExp][] = [
  ['no default logging analyst', null, { server: { defaultLoggingAnalyst: null } }, {}, becomes(null), null, /names no default logging analyst/],
  ['neither user nor analyst becomes a user', personNamed('Ann', { user: false }), { server: linked }, {}, becomes(1), boss, /no user yet/],
  ['a reply makes its sender known, and nobody logs it', null, { server: linked }, { replyTo: 5 }, becomes(null), null, /was unknown and becomes a user/],
  ['an analyst who replies logs no call', analystOnly, { server: linked }, { replyTo: 5 }, [], null, /is known\./],
  ['automatic mail makes nobody known', null, { server: linked }, { automatic }, [], boss, /automatic mail \(Auto-Submitted: auto-replied\)/],
  ['automatic mail of an analyst', analystOnly, { server: linked }, { automatic }, [], 'ann@example.net', /does not become a person/],
  ['mail of the mailbox itself', null, { from: 'IT@example.com', server: linked }, {}, [], boss, /this mailbox itself/],
  ['an address that nobody can have', null, { from: 'a b@x', server: linked }, {}, [], boss, /no address that a person could have/],
  ['no mailbox named', null, { server: null, partition: null }, {}, becomes(null), null, /becomes a user\.$/],
  ['a new requester that a command names', both, { server: linked }, { operation: 'add', commanded: { subject: null, status: null, requester: { name: 'Bob', address: 'bob@example.net' }, values: {} } }, [{ address: 'bob@example.net', name: 'Bob', user: true, existing: null }], 'ann@example.net', /bob@example\.net was unknown/],
  ['the sender named as requester', null, {}, { commanded: { subject: null, status: null, requester: { name: 'Ann', address: 'ANN@example.net' }, values: {} } }, becomes(null), null, /becomes a user/],
  ['a known requester', both, { people: [personNamed('Bob', { id: 2 })] }, { operation: 'add', commanded: { subject: null, status: null, requester: { name: 'Bob', address: 'bob@example.net' }, values: {} } }, [], null, /bob@example\.net is known as a user/]
]
for (const [what, person, said, findings, changes, logging, detail] of more)
  test(`people: ${what}`, () => {
    const found = after(person, said, findings)
    assert.deepEqual([found.people, found.logging], [changes, logging])
    assert.match(found.detail, detail)
  })

test('people: names are one line of at most 200 characters, and values stay', () => {
  const { people } = after(null, { content: { from: { name: ` A\r\nB\u0000${'x'.repeat(500)}`, address: 'ann@example.net' } } })
  assert.match((people as { name: string }[])[0]?.name ?? '', /^A B x{196}$/)
})
