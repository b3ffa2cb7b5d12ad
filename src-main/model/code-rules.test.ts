import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeLimits, isCodeOver, waitForCode } from './code-rules.ts'

const sentAt = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000
const code = { hash: '', sentAt, expiresAt: sentAt + codeLimits.validMs, triesLeft: 5 }

const lives: [string, { after: number; runMs: number | null; triesLeft?: number }, boolean][] = [
  ['at once', { after: 0, runMs: 0 }, false],
  ['just before its end', { after: 30 * minute - 1, runMs: 30 * minute - 1 }, false],
  ['at its end', { after: 30 * minute, runMs: 30 * minute }, true],
  ['with its last try', { after: minute, runMs: minute, triesLeft: 1 }, false],
  ['without a try', { after: minute, runMs: minute, triesLeft: 0 }, true],
  ['after a restart', { after: 10 * minute, runMs: null }, false],
  ['past its end, after a restart', { after: 31 * minute, runMs: null }, true],
  ['with the clock set back while the program runs', { after: -minute, runMs: 31 * minute }, true],
  ['with the clock set back an hour', { after: -60 * minute, runMs: minute }, true],
  ['with the clock set back an hour, after a restart', { after: -60 * minute, runMs: null }, true],
  ['with the clock put right by a minute', { after: -minute, runMs: 5_000 }, false],
  ['with the clock set forward an hour', { after: 60 * minute, runMs: 5_000 }, true]
]
for (const [when, { after, runMs, triesLeft = 5 }, isOver] of lives) test(`a code ${when} is ${isOver ? 'over' : 'heard'}`, () => assert.equal(isCodeOver({ ...code, triesLeft }, sentAt + after, runMs), isOver))

const waits: [string, number, number | null, number][] = [
  ['at once', 0, 0, minute], ['after 20 s', 20_000, 20_000, 40_000], ['after a minute', minute, minute, 0], ['with the clock set forward', 3_600_000, 1_000, 59_000], ['with the clock set back', -3_600_000, 61_000, 0],
  ['after a restart', 20_000, null, 40_000], ['with the clock set back, after a restart', -3_600_000, null, 0]
]
for (const [when, after, runMs, wait] of waits) test(`another code is sent in ${wait / 1000} s, ${when}`, () => assert.equal(waitForCode(code, sentAt + after, runMs), wait))
