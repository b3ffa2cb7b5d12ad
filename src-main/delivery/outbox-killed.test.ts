import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHeldClock } from '../../testbed/held-clock.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { openOutboxWorld, serverNamed } from '../../testbed/outbox-office.ts'
import type { WireNotes, WirePast } from '../data-folder/wire-notes.ts'
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
async function killedAt(steps: number, tells: boolean, notes: boolean) {
  const noted = new Map<number, WirePast>()
  const note = (mail: number, what: WirePast): void => void (life.isOver() || noted.set(mail, what))
  const wire: WireNotes = { vouches: notes, begin: (mail) => note(mail, 'open'), end: note, settled: () => undefined, past: () => (notes ? (mail) => noted.get(mail) ?? 'never' : null), close: () => undefined }
  const database = createMemoryDatabase()
  const clock = createHeldClock()
  const life = createLife(steps)
  const taken: string[] = []
  const servers = [serverNamed('main', { mostConnections: 2 })]
  const first = openOutboxWorld({ servers, clock, database: life.over(database), behaviour: () => life.step().then(() => null), answering: () => life.step(), own: { wire, reportUnexpected: (thrown) => { throw thrown } } })
  const at = new Date(clock.now()).toISOString()
  await database.transaction((transaction) => mailTables.outbox.add(transaction, recipients.map((to, index) => ({ partition: 'IT', to, subject: 's', content: 'c', inReplyTo: null, messageId: `<${index}@x>`, request: null, createdAt: at, tries: 0, nextAt: at, problem: null }))))
  first.outbox.begin()
  await clock.pass(20)
  const wasKilled = life.isOver()
  taken.push(...first.taken.map(({ messageId }) => messageId))
  const marked = await database.all<{ messageId: string }>(`SELECT message_id AS "messageId" FROM outbox WHERE state = 'sending'`)
  const onTheWire = [...noted].filter(([, what]) => what === 'open').length
  const second = openOutboxWorld({ servers, clock, database, wasSent: async (messageId) => (tells ? taken.includes(messageId) : null), own: { wire } })
  second.outbox.begin()
  await clock.pass(200_000)
  const states = await database.all<{ messageId: string; state: string }>('SELECT message_id AS "messageId", state FROM outbox ORDER BY id')
  await second.outbox.close()
  return { wasKilled, onTheWire, marked: marked.map(({ messageId }) => messageId), states, taken: [...taken, ...second.taken.map(({ messageId }) => messageId)] }
}

const ways = [
  { tells: false, notes: false, words: 'uncertain is what stood on disk as under way, and nothing else' },
  { tells: true, notes: false, words: 'where the provider has copies all is found out' },
  { tells: false, notes: true, words: 'where the notes of the wire outlived it, uncertain is what was on the wire' }
]
for (const { tells, notes, words } of ways)
  test(`a process killed at any step loses no mail and sends none twice; ${words}`, async () => {
    let kills = 0
    for (let steps = 1; ; steps++) {
      const { wasKilled, onTheWire, marked, states, taken } = await killedAt(steps, tells, notes)
      assert.equal(states.length, mails, `killed at step ${steps}: lost`)
      assert.deepEqual([...taken].sort(), [...new Set(taken)].sort(), `killed at step ${steps}: sent twice`)
      const open = states.filter(({ state }) => state !== 'sent').map(({ messageId, state }) => `${messageId} ${state}`)
      if (notes) assert.ok(open.length <= onTheWire && onTheWire <= 2, `killed at step ${steps}: ${onTheWire} on the wire, ${open.join(', ')}`)
      else assert.deepEqual(open, tells ? [] : marked.map((one) => `${one} uncertain`), `killed at step ${steps}`)
      for (const { messageId, state } of states) assert.ok(state !== 'sent' || taken.includes(messageId), `killed at step ${steps}: ${messageId} is told as sent and was not`)
      if (!wasKilled) break
      kills += 1
    }
    assert.ok(kills > 3 * mails, `only ${kills} steps were cut`)
  })
