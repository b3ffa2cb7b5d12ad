import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProblemCode } from '#contract/problem.ts'
import { exitStatusOf, worstOf, type ExitStatus } from './exit-status.ts'

const rows: [ProblemCode, ExitStatus][] = [
  ['host-not-found', 3], ['connection-refused', 3], ['connection-timed-out', 3], ['server-silent', 3], ['proxy-failed', 3],
  ['credentials-refused', 1], ['certificate-expired', 1], ['folder-not-found', 1], ['server-speaks-plain-text', 1], ['message-too-large', 1], ['recipient-refused', 1], ['unexpected', 1], ['cancelled', 1],
  ['invalid-input', 2], ['invalid-configuration', 2], ['not-found', 2], ['file-not-found', 2], ['file-exists', 2], ['server-is-draft', 2], ['wrong-passphrase', 2],
  ['data-folder-in-use', 4], ['data-folder-damaged', 4], ['data-folder-newer', 4]
]
for (const [code, status] of rows) test(`${code} ends with ${status}`, () => assert.equal(exitStatusOf(code), status))
test('several answers end with the gravest', () => {
  assert.equal(worstOf([]), 0)
  assert.equal(worstOf([0, 3, 1]), 3)
})
