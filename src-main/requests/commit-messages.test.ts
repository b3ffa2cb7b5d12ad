import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, createWorld, mailOf, testServer } from '../../testbed/fetching-rig.ts'
import { quietCommitNeeds } from '../../testbed/commit-needs.ts'
import { decide } from '../processing/pipeline.ts'
import { createCommitMessages } from './commit-messages.ts'
import { createTakeMessage } from './take-message.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'

test('partitions are asked before the transaction: whoever reads them may be waiting for its end', async () => {
  const world = createWorld()
  const rig = createRig(world, { decide })
  const order: string[] = []
  const database = { ...world.database, transaction: <Result>(work: Parameters<typeof world.database.transaction<Result>>[0]) => world.database.transaction<Result>((transaction) => (order.push('begun'), work(transaction))) }
  const partitions = async () => (order.push('partitions'), [])
  const commit = createCommitMessages({ ...rig, ...quietCommitNeeds(), database, partitions, decide, now: () => Date.parse('2026-11-20T08:00:00Z'), reportUnexpected: (thrown) => assert.fail(String(thrown)) })
  const stored = { id: 1, server: testServer(), ready: testServer(), issues: [], lastTest: null }
  const take = createTakeMessage({ ...rig, commit, parse: parseMessage, sources: { incomingNamed: async () => stored } })
  assert.equal((await take({ base64: Buffer.from(mailOf('1', 'one')).toString('base64'), server: null })).outcome, 'request')
  assert.deepEqual(order, ['partitions', 'begun'])
})
