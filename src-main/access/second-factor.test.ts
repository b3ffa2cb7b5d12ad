import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { createSecondFactor } from './second-factor.ts'

const minute = 60_000

function factorOver() {
  const time = { now: Date.parse('2026-11-21T12:00:00Z') }
  const codes: string[] = []
  const guesses: string[] = []
  const factor = createSecondFactor({
    clock: { now: () => time.now, elapsed: () => time.now }, newCode: () => String(10_000_000 + codes.length), tokenOf: (sha256) => ({ name: sha256, secondFactor: `${sha256}@example.com` }),
    guessed: (from) => void guesses.push(from), post: async (_to, code) => { codes.push(code); return null }
  })
  const typed = (token: string, code: string): Promise<string> => factor.check(token, code, 'here').then(() => 'right', (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem.code : String(thrown)))
  return { ...factor, time, codes, guesses, typed }
}

test('whoever has the link alone mails its owner five codes, then one in half an hour', async () => {
  const { step, look, time, codes } = factorOver()
  for (let passed = 0; passed < 24 * 60; passed++) {
    await step('ann', true).catch(() => null)
    time.now += minute
  }
  assert.ok(codes.length >= 5 + 46 && codes.length <= 5 + 48, `${codes.length} mails in a day`)
  assert.equal((await look('ann'))?.canEnter, true)
  const { waitSeconds = 0 } = (await look('ann')) ?? {}
  assert.ok(waitSeconds > 0 && waitSeconds <= 1_800)
})

test('nor does using up the tries bring more of them', async () => {
  const { step, typed, time, codes, guesses } = factorOver()
  for (let passed = 0; passed < 120; passed++) {
    await step('ann', false).catch(() => null)
    for (let tries = 0; tries < 6; tries++) await typed('ann', '1')
    time.now += minute
  }
  assert.ok(codes.length <= 5 + 4, `${codes.length} mails in two hours`)
  assert.ok(guesses.length > 40)
})

test('a code that was entered begins anew, and another token never ended', async () => {
  const { step, typed, time, codes } = factorOver()
  for (let sent = 0; sent < 5; sent++) {
    await step('ann', true)
    time.now += minute
  }
  await assert.rejects(step('ann', true), ({ problem }: ProblemError) => problem.code === 'code-sent-just-now' && 'waitSeconds' in problem && problem.waitSeconds === 29 * 60)
  await step('bob', true)
  assert.equal(codes.length, 6)
  assert.equal(await typed('ann', '10000004'), 'right')
  await step('ann', true)
  assert.equal(codes.length, 7)
})

test('tries at once are as few as tries one by one', async () => {
  const { step, typed } = factorOver()
  await step('ann', false)
  const said = await Promise.all(Array.from({ length: 40 }, (_, index) => typed('ann', index === 20 ? '10000000' : '99999999')))
  assert.deepEqual([said.filter((one) => one === 'right').length, await typed('ann', '10000000')], [0, 'code-wrong'])
})
