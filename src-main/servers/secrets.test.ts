import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'

test('a secret that is not there is what is missing, not the server', async () => {
  const { secret } = createConfiguredConsole()
  await assert.rejects(secret.delete({ server: 'main', purpose: 'sign-in' }, administrator), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.partialDeepStrictEqual(error.problem, { code: 'not-found', what: 'secret', name: 'main' })
    return true
  })
})
