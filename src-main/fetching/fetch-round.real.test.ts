import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IncomingServer, RoundCounts, RoundResult } from '#contract/incoming-server.ts'
import { createChance } from '../../testbed/chance.ts'
import { dovecotMissing, startDovecot, type Dovecot } from '../../testbed/dovecot.ts'
import { openFetchOffice, plainServer, type FetchOffice } from '../../testbed/fetch-office.ts'
import { mixedMessages, type GeneratedMessage } from '../../testbed/message-generator.ts'

const skip = dovecotMissing() ?? false
const messages = mixedMessages(300)

async function ground(context: TestContext): Promise<{ dovecot: Dovecot; dataFolder: string }> {
  const dovecot = await startDovecot()
  const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-office-'))
  context.after(async () => {
    await dovecot.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  })
  for (const { raw } of messages) dovecot.deliver('it', raw)
  return { dovecot, dataFolder }
}
const counts = ({ fetched, requests, replies, commands, dropped, errors }: RoundResult): RoundCounts => ({ fetched, requests, replies, commands, dropped, errors })
const none: RoundCounts = { fetched: 0, requests: 0, replies: 0, commands: 0, dropped: 0, errors: 0 }
const kinds = (wanted: GeneratedMessage['expectation']['kind']): number => messages.filter(({ expectation }) => expectation.kind === wanted).length

/** Every message has one outcome, every request its message, and everything stored can be read. */
async function audit(office: FetchOffice): Promise<void> {
  const [total] = await office.database.all('SELECT COUNT(*) AS ledger, COUNT(DISTINCT uid) AS uids FROM ledger')
  assert.deepEqual(total, { ledger: 300, uids: 300 })
  const entries = await office.database.all<{ request: number; content: string; kind: string }>('SELECT request, content, kind FROM entries ORDER BY id')
  const numbers = await office.database.all<{ number: number }>('SELECT number FROM requests ORDER BY number')
  assert.deepEqual(entries.filter(({ kind }) => kind === 'request').map(({ request }) => request).sort((a, b) => a - b), numbers.map(({ number }) => number))
  assert.equal(new Set(entries.map(({ content }) => content)).size, entries.length)
  const ids = new Set<string>()
  for (const { content } of entries) {
    const { parsed } = await office.messages.parsed(content)
    const id = parsed.content.messageId ?? content
    assert.ok(!ids.has(id), `${id} became two entries`)
    ids.add(id)
  }
  for (const { messageId, expectation } of messages)
    if (messageId !== null && (expectation.kind === 'question' || expectation.kind.startsWith('reply'))) assert.ok(ids.has(messageId), `${messageId} is lost`)
}

const protocols: [string, (dovecot: Dovecot) => Partial<IncomingServer>][] = [
  ['IMAP, marked as seen', ({ ports }) => ({ protocol: 'imap', port: ports.imap, push: false })],
  ['IMAP, deleted', ({ ports }) => ({ protocol: 'imap', port: ports.imap, push: false, afterFetch: 'delete' })],
  ['POP3, deleted', ({ ports }) => ({ protocol: 'pop3', port: ports.pop3, push: false, afterFetch: 'delete' })],
  ['POP3, left on the server', ({ ports }) => ({ protocol: 'pop3', port: ports.pop3, push: false })]
]
for (const [title, server] of protocols)
  test(`300 mixed messages over ${title}: outcomes add up, and the second round fetches nothing`, { skip, timeout: 60_000 }, async (context) => {
    const { dovecot, dataFolder } = await ground(context)
    const office = await openFetchOffice(dataFolder, dovecot.password)
    context.after(() => office.close())
    const ready = plainServer(server(dovecot))
    const first = await office.fetch(ready)
    assert.equal(first.problem, null)
    assert.deepEqual(counts(first), {
      fetched: 300, commands: 0, errors: kinds('broken'), dropped: first.dropped, replies: kinds('reply-by-reference') + kinds('reply-by-subject'),
      requests: 300 - kinds('broken') - first.dropped - kinds('reply-by-reference') - kinds('reply-by-subject')
    })
    assert.ok(first.dropped <= kinds('auto-reply') + 5)
    await audit(office)
    assert.deepEqual(counts(await office.fetch(ready)), none)
    const inbox = dovecot.mailbox('it').messages()
    const isPop = ready.protocol === 'pop3'
    const left = ready.afterFetch === 'delete' ? (isPop ? first.errors : 0) : isPop ? 300 : 300 - first.errors
    assert.equal(inbox.length, left)
    if (!isPop) assert.ok(inbox.every(({ flags }) => flags.includes('S')))
    if (!isPop) assert.deepEqual([dovecot.mailbox('it', 'Errors').messages().length, dovecot.mailbox('it', 'Errors').messages().some(({ flags }) => flags.includes('S'))], [first.errors, false])
  })

for (const afterFetch of ['mark-seen', 'delete'] as const)
  test(`kill -9 at random moments (${afterFetch}): nothing is lost, nothing doubled`, { skip, timeout: 120_000 }, async (context) => {
    const { dovecot, dataFolder } = await ground(context)
    const server = { protocol: 'imap' as const, port: dovecot.ports.imap, push: false, afterFetch }
    const chance = createChance(afterFetch.length)
    let taken = 0
    for (let kill = 0; kill < 10; kill++) {
      const { done, wasKilled } = await fetchAndKill(dataFolder, dovecot.password, server, chance.between(1, 5), chance.draw() * 12)
      assert.ok(wasKilled, 'it ended before it was killed')
      taken += done
    }
    assert.ok(taken >= 50 && taken < 300, `${taken} messages were seen taken by processes that were killed`)
    const office = await openFetchOffice(dataFolder, dovecot.password)
    context.after(() => office.close())
    const last = await office.fetch(plainServer(server))
    assert.equal(last.problem, null)
    await audit(office)
    assert.deepEqual(counts(await office.fetch(plainServer(server))), none)
    const inbox = dovecot.mailbox('it').messages()
    assert.ok(inbox.every(({ flags }) => afterFetch === 'mark-seen' && flags.includes('S')), `${inbox.length} messages are left`)
    assert.equal(dovecot.mailbox('it', 'Errors').messages().length, kinds('broken'))
  })

/** Kills a fetching process some milliseconds after its nth batch; `done` is what it told of until then. */
async function fetchAndKill(dataFolder: string, secret: string, server: Partial<IncomingServer>, batches: number, laterMs: number): Promise<{ done: number; wasKilled: boolean }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../testbed/fetch-office.ts'), dataFolder, secret, JSON.stringify(server)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  let done = 0
  let told = -1
  for await (const line of createInterface(child.stdout)) {
    done = Number(line)
    if (++told < batches) continue
    await sleep(laterMs)
    child.kill('SIGKILL')
    break
  }
  return { done, wasKilled: (await ended)[1] === 'SIGKILL' }
}
