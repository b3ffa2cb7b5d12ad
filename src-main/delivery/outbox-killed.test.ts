import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { openOutboxWorld, serverNamed } from '../../testbed/outbox-office.ts'
import type { Database } from '../database/database.ts'
import { mailTables } from '../database/mail-tables.ts'

const mails = 7
const recipients = Array.from({ length: mails }, (_, index) => `p${index}@example.com`)

/** Everything that a process does after its last step never happens. */
function createLife(steps: number) {
  let left = steps
  const isOver = (): boolean => left <= 0
  const never = (): Promise<never> => new Promise(() => undefined)
  return {
    isOver,
    async step(): Promise<void> {
      left -= 1
      if (isOver()) await never()
    },
    over: (database: Database): Database => ({
      all: (...given) => (isOver() ? never() : database.all(...given)),
      async transaction(work) {
        left -= 1
        if (isOver()) return never()
        const result = await database.transaction(work)
        left -= 1
        return isOver() ? never() : result
      },
      close: () => database.close()
    })
  }
}

/** Runs until the process dies at this step, then another process over the same disk until all is quiet. */
async function killedAt(steps: number, tells: boolean) {
  const database = createMemoryDatabase()
  const clock = createHeldClock()
  const life = createLife(steps)
  const taken: string[] = []
  const servers = [serverNamed('main', { mostConnections: 2 })]
  const first = openOutboxWorld({ servers, clock, database: life.over(database), behaviour: () => life.step().then(() => null), answering: () => life.step(), own: { reportUnexpected: (thrown) => { throw thrown } } })
  const at = new Date(clock.now()).toISOString()
  await database.transaction((transaction) => mailTables.outbox.add(transaction, recipients.map((to, index) => ({ partition: 'IT', to, subject: 's', content: 'c', inReplyTo: null, messageId: `<${index}@x>`, request: null, createdAt: at, tries: 0, nextAt: at, problem: null }))))
  first.outbox.begin()
  await clock.pass(20)
  const wasKilled = life.isOver()
  taken.push(...first.taken.map(({ messageId }) => messageId))
  const marked = await database.all<{ messageId: string }>(`SELECT message_id AS "messageId" FROM outbox WHERE state = 'sending'`)
  const second = openOutboxWorld({ servers, clock, database, wasSent: async (messageId) => (tells ? taken.includes(messageId) : null) })
  second.outbox.begin()
  await clock.pass(200_000)
  const states = await database.all<{ messageId: string; state: string }>('SELECT message_id AS "messageId", state FROM outbox ORDER BY id')
  await second.outbox.close()
  return { wasKilled, marked: marked.map(({ messageId }) => messageId), states, taken: [...taken, ...second.taken.map(({ messageId }) => messageId)] }
}

for (const tells of [false, true])
  test(`a process killed at any step loses no mail and sends none twice; ${tells ? 'where the provider has copies all is found out' : 'uncertain is what stood on disk as under way, and nothing else'}`, async () => {
    let kills = 0
    for (let steps = 1; ; steps++) {
      const { wasKilled, marked, states, taken } = await killedAt(steps, tells)
      assert.equal(states.length, mails, `killed at step ${steps}: lost`)
      assert.deepEqual([...taken].sort(), [...new Set(taken)].sort(), `killed at step ${steps}: sent twice`)
      assert.ok(marked.length <= 4, `killed at step ${steps}: ${marked.length} under way over 2 connections`)
      assert.deepEqual(states.filter(({ state }) => state !== 'sent').map(({ messageId, state }) => `${messageId} ${state}`), tells ? [] : marked.map((one) => `${one} uncertain`), `killed at step ${steps}`)
      for (const { messageId, state } of states) assert.ok(state !== 'sent' || taken.includes(messageId), `killed at step ${steps}: ${messageId} is told as sent and was not`)
      if (!wasKilled) break
      kills += 1
    }
    assert.ok(kills > 3 * mails, `only ${kills} steps were cut`)
  })
