import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingChanges } from '#contract/edit-many.ts'
import { outgoingChanges } from '#contract/edit-many.ts'
import { run } from '../../testbed/command-line.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

/** Each order, and what it asks for. */
const asked: [string, OutgoingChanges][] = [
  ['--connections 2 --max-size 25MB', { mostConnections: 2, maxMailSize: 25_000_000 }],
  ['--max-size none --override-to none --sent-copies-in none --alternate none --proxy none', { proxy: null, overrideTo: null, sentCopiesIn: null, alternateServer: null, maxMailSize: null }],
  ['--alternate spare --sent-copies-in it --override-to trial@example.com', { overrideTo: 'trial@example.com', sentCopiesIn: 'it', alternateServer: 'spare' }],
  ['--when-uncertain send-again --images base64 --reply-to desk@example.com', { replyTo: 'desk@example.com', embeddedImages: 'base64', whenUncertain: 'send-again' }],
  ['--sender-name Desk --timeout 60s --block on --debug off --tls-min TLSv1.3', { senderName: 'Desk', timeoutMs: 60_000, block: true, minTlsVersion: 'TLSv1.3', debug: false }]
]
for (const [flags, changes] of asked)
  test(`outgoing set ${flags}`, async () => {
    const seen: unknown[] = []
    const handlers: Partial<Handlers> = { 'outgoing.edit-many': async ({ names, changes: wanted }) => { seen.push([names, wanted]); return { differences: [], running: [], notStarted: [], earlier: null } } }
    const { status, out } = await run(`outgoing set main reserve ${flags}`, { handlers })
    assert.deepEqual([status, out, seen], [0, 'Nothing has to be changed.\n', [[['main', 'reserve'], changes]]])
    assert.deepEqual(outgoingChanges.parse(changes), changes)
  })

/** Each order that is refused before anything is asked of the core. */
const refused: [string, RegExp][] = [
  ['--connections 0', /connections/], ['--connections 51', /connections/], ['--connections many', /connections/], ['--max-size huge', /--max-size needs a size/], ['--when-uncertain perhaps', /when-uncertain/], ['--images attached', /images/], ['--timeout soon', /--timeout needs a time/]
]
for (const [flags, says] of refused)
  test(`outgoing set ${flags} is refused`, async () => {
    const { status, said } = await run(`outgoing set main ${flags}`, { handlers: {} })
    assert.equal(status, 2)
    assert.match(said, says)
  })
