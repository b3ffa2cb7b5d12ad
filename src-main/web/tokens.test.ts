import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createTokens, sessionLimits } from './tokens.ts'

const hour = 3_600_000
function createDesk() {
  const named = new Map<string, { name: string; role: 'support'; secondFactor: string | null }>()
  const time = { now: 0 }
  const tokens = createTokens((hash) => named.get(hash) ?? null, () => time.now)
  const name = (token: string, secondFactor: string | null = null): void => void named.set(createHash('sha256').update(token).digest('hex'), { name: 'monitoring', role: 'support', secondFactor })
  const open = (token = tokens.administrator): string => {
    const opened = tokens.open(token)
    assert.ok(opened !== null && 'session' in opened)
    return opened.session
  }
  return { tokens, time, named, name, open }
}

test('ASVS 7.2.4: each sign-in opens a session of its own', () => {
  const { open, tokens } = createDesk()
  const sessions = [open(), open(), open(tokens.support)]
  assert.equal(new Set(sessions).size, 3)
  assert.deepEqual(sessions.map((session) => tokens.holderOf(session)?.role), ['administrator', 'administrator', 'support'])
})

test('ASVS 7.3.1: a session that nobody uses ends after twelve hours; looking whether it holds is no use', () => {
  const { open, tokens, time } = createDesk()
  const [used, unused] = [open(), open()]
  for (let passed = 0; passed <= 12; passed += 4) {
    time.now = passed * hour
    tokens.holderOf(used)
    assert.ok(tokens.holds(unused))
  }
  time.now = sessionLimits.idleMs + 1
  assert.deepEqual([tokens.holds(used), tokens.holds(unused), tokens.holderOf(unused)], [true, false, null])
})

test('ASVS 7.3.2: every session ends after a week', () => {
  const { open, tokens, time } = createDesk()
  const session = open()
  for (let passed = 0; passed <= 7 * 24; passed += 6) {
    time.now = passed * hour
    assert.ok(tokens.holderOf(session) !== null, String(passed))
  }
  time.now += 1
  assert.equal(tokens.holderOf(session), null)
})

test('ASVS 7.4.1: signing out ends the session and no other', () => {
  const { open, tokens } = createDesk()
  const [one, other] = [open(), open()]
  tokens.close(one)
  tokens.close('never opened')
  assert.deepEqual([tokens.holderOf(one), tokens.holderOf(other)?.role], [null, 'administrator'])
})

test('ASVS 7.4.2, 7.4.5: revoking a named token ends all that it opened', () => {
  const { open, tokens, named, name } = createDesk()
  name('given')
  const sessions = [open('given'), open('given')]
  assert.deepEqual(sessions.map((session) => tokens.holderOf(session)), Array.from({ length: 2 }, () => ({ role: 'support', who: 'monitoring (browser)' })))
  assert.deepEqual(tokens.holderOfToken('given'), { role: 'support', who: 'monitoring (token)' })
  named.clear()
  assert.deepEqual([...sessions.map((session) => tokens.holderOf(session)), tokens.holderOfToken('given'), tokens.open('given')], [null, null, null, null])
})

test('no token, a wrong one and a session in its place open nothing', () => {
  const { open, tokens } = createDesk()
  const session = open()
  assert.deepEqual(['', 'x', session].map((token) => tokens.open(token)), [null, null, null])
  assert.deepEqual([tokens.holderOf(''), tokens.holderOf(tokens.administrator), tokens.holderOfToken(session)], [null, null, null])
})
