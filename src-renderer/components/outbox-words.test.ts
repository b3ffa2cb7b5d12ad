import assert from 'node:assert/strict'
import { test } from 'node:test'
import { triesWords } from './outbox-words.ts'

const cases: [tries: number, recorded: number, words: string][] = [[0, 0, 'Tries'], [1, 1, '1 try'], [1, 2, '2 tries'], [70, 50, '70 tries'], [0, 3, '3 tries']]
for (const [tries, recorded, words] of cases) test(`${tries} tries since it was sent again, ${recorded} on record: ${words}`, () => assert.equal(triesWords(tries, recorded), words))
