import { randomBytes, randomUUID } from 'node:crypto'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createAccess, type AccessNeeds } from '../access/create-access.ts'
import { createSecondFactor } from '../access/second-factor.ts'
import type { Guessed } from '../access/watch-guesses.ts'
import { accessTokensTable } from '../database/access-tokens-table.ts'
import { mailTables } from '../database/mail-tables.ts'
import { codeMailsTable } from '../database/sender-addresses-table.ts'
import { systemClock } from '../fetching/clock.ts'
import { newMailedCode } from '../senders/code-hash.ts'
import { codeMail, codeSubjects } from '../senders/code-mail.ts'
import type { SenderWay } from './alerts.ts'
import type { SendersRoom } from './senders.ts'

type Given = Omit<AccessNeeds, 'accessTokens' | 'clock' | 'newToken' | 'guessed'> & {
  subscribe: (listener: (name: string) => void) => () => void
  guessed: (from: string, what: Guessed) => void
  wakeOutbox: () => void
  ways: () => Promise<SenderWay>
  sending: Pick<SendersRoom, 'untilTried'>
}

/** Who may change things; it follows the settings. */
export async function composeAccess(given: Given) {
  const access = await createAccess({ ...given, guessed: (from) => given.guessed(from, 'PIN'), accessTokens: accessTokensTable, clock: systemClock, newToken: () => randomBytes(32).toString('base64url') })
  const unsubscribe = given.subscribe((name) => {
    if (name === 'settings-changed') access.settingsChanged().catch((thrown: unknown) => given.reportUnexpected(thrown, 'following the settings of access'))
  })
  return {
    ...access,
    secondFactor: createSecondFactor({ clock: systemClock, newCode: newMailedCode, tokenOf: access.namedToken, post: async (to, code, name) => postCode(given, { to, code, name, isShared: (await access.tokens()).filter(({ secondFactor }) => secondFactor === to).length > 1 }), guessed: (from) => given.guessed(from, 'code') }),
    guessed: given.guessed,
    close: () => {
      unsubscribe()
      access.close()
    }
  }
}

/** The first try of a code's mail is waited for so long before the page is shown. */
const patienceMs = 10_000

/** `isShared`: codes of other tokens go there too, and wait for their own people. */
async function postCode({ database, settings, announce, wakeOutbox, ways, sending }: Given, { to, code, name, isShared }: { to: string; code: string; name: string; isShared: boolean }): Promise<Problem | null> {
  const { enabled, through } = (await settings()).alerts.categories['two-factor']
  if (!enabled) throw new ProblemError({ code: 'codes-switched-off' })
  const { wantedServer, domain } = (await ways())(through, '')
  const subject = codeSubjects['second-factor']
  await database.transaction(async (transaction) => {
    if (!isShared) await codeMailsTable.drop(transaction, { to, subject })
    await mailTables.outbox.add(transaction, [codeMail('second-factor', { to, code, name, at: systemClock.now(), wantedServer, messageId: `<${randomUUID()}@${domain}>` })])
  })
  announce('outbox-changed', {})
  wakeOutbox()
  await sending.untilTried(to, AbortSignal.timeout(patienceMs)).catch(() => undefined)
  const mail = (await codeMailsTable.newest(database, subject)).get(to)
  return mail === undefined || mail.state === 'sent' ? null : mail.problem
}
