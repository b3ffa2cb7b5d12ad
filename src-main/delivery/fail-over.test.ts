import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Notice } from '#contract/notice.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { openSendingOffice, type SendingOffice } from '../../testbed/sending-office.ts'
import { startSwitchedSink, type SwitchedSink } from '../../testbed/switched-sink.ts'

const password = 'switched-password'
/** An hour of the office is six seconds. */
const rate = 600

describe('an alternate server, over real connections', { timeout: 120_000 }, () => {
  let main: SwitchedSink
  let reserve: SwitchedSink
  let office: SendingOffice
  before(async () => {
    ;[main, reserve] = await Promise.all([startSwitchedSink(password), startSwitchedSink(password)])
    const auth = { method: 'password', user: 'desk', secret: 'env:SWITCHED' }
    office = await openSendingOffice({ rate, env: { SWITCHED: password }, servers: [
      { name: 'main', port: main.port, auth, alternate: { server: 'reserve', returnToPrimary: 'health-check' } },
      { name: 'reserve', port: reserve.port, auth }
    ] })
  })
  after(async () => {
    await office?.stop()
    await Promise.all([main?.stop(), reserve?.stop()])
  })
  const view = async (): Promise<OutgoingServerView | undefined> => (await office.console.must<OutgoingServerView[]>('outgoing.list', {})).find(({ server }) => server.name === 'main')
  const until = async (isSo: () => Promise<boolean> | boolean, what: string): Promise<void> => {
    for (let tries = 0; !(await isSo()); tries++) {
      assert.ok(tries < 400, `not within 20 s: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const told = async (): Promise<string[]> => (await office.console.must<{ notices: Notice[] }>('notices.list', {})).notices.map(({ kind }) => kind).filter((kind) => kind === 'on-alternate' || kind === 'on-primary').toReversed()

  test('mail goes through the primary', async () => {
    await office.write('first', 3)
    await until(() => main.taken.length === 3, 'three mails at the primary')
    assert.deepEqual([reserve.taken.length, (await view())?.throughAlternate], [0, null])
  })

  test('the primary goes away: the next mail goes through the alternate at once, and it is told', async () => {
    await main.down()
    await office.write('second', 4)
    await until(() => reserve.taken.length === 4, 'four mails at the alternate')
    assert.deepEqual([(await view())?.throughAlternate, await told()], ['reserve', ['on-alternate']])
  })

  test('a primary that answers and lets nobody in is not well', async () => {
    await main.refuseSignIn()
    await office.waitMinutes(3)
    assert.equal((await view())?.throughAlternate, 'reserve')
    await office.write('third', 2)
    await until(() => reserve.taken.length === 6, 'six mails at the alternate')
  })

  test('once it lets in, a health check brings mail back, and it is told', async () => {
    await main.up()
    // An hour later, as it had refused the sign-in.
    await until(async () => (await view())?.onAlternateSince === null, 'back at the primary')
    await office.write('fourth', 2)
    await until(() => main.taken.length === 5, 'five mails at the primary')
    assert.deepEqual(await told(), ['on-alternate', 'on-primary'])
  })

  test('each mail arrived once', () => {
    const ids = [...main.taken, ...reserve.taken].map(({ messageId }) => messageId)
    assert.deepEqual([ids.length, new Set(ids).size], [11, 11])
  })
})
