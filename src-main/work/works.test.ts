import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ProblemError } from '#contract/problem.ts'
import { createWorks } from './works.ts'

test('cancelling aborts the signal of that work alone, with the problem `cancelled`', () => {
  const works = createWorks()
  const first = works.start('work-one')
  const second = works.start('work-two')
  works.cancel('work-one')
  works.cancel('unknown-work')
  assert.equal(first.aborted, true)
  assert.ok(first.reason instanceof ProblemError && first.reason.problem.code === 'cancelled')
  assert.equal(second.aborted, false)
})

test('an id is free again once its work has ended', () => {
  const works = createWorks()
  works.start('work-one')
  assert.throws(() => works.start('work-one'), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'already-running')
  works.end('work-one')
  assert.equal(works.start('work-one').aborted, false)
})

test('work that fails ends as well, and its signal is that of its id', async () => {
  const works = createWorks()
  await assert.rejects(works.during('work-one', async (signal) => {
    works.cancel('work-one')
    signal.throwIfAborted()
  }), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'cancelled')
  assert.equal(await works.during('work-one', async () => 'done'), 'done')
})
