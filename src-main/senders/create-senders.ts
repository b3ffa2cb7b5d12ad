import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { SenderAddress } from '#contract/sender-address.ts'
import type { Settings } from '#contract/settings.ts'
import type { Transaction } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Clock } from '../fetching/clock.ts'
import type { KeptCode } from '../model/code-rules.ts'
import type { Caller, ConfigurationNeeds } from '../servers/configuration-needs.ts'
import { notFound } from '../servers/find-named.ts'
import { knownServersIn } from '../servers/outgoing-references.ts'
import { readConfiguration, readSettings, type PresentConfiguration } from '../servers/present-configuration.ts'
import { checkedReason } from '../servers/record-change.ts'
import { outgoingReadiness } from '../servers/server-readiness.ts'
import type { Works } from '../work/works.ts'
import { codeMail, codeSubjects } from './code-mail.ts'
import { createMailedCodes } from './mailed-codes.ts'
import { normalAddress } from './normal-address.ts'
import type { CodeMailsTable, SenderAddressesTable, SenderRow } from './sender-table.ts'
import { usersOf } from './used-by.ts'

export type SendersNeeds = Pick<ConfigurationNeeds, 'database' | 'announce'> & {
  tables: ConfigurationNeeds['tables'] & Pick<MailTables, 'outbox'> & { senders: SenderAddressesTable; codeMails: CodeMailsTable }
  clock: Pick<Clock, 'now' | 'elapsed'>
  works: Works
  /** The settings as they are now, without a look at the disk. */
  settings: () => Promise<Settings>
  /** Digits that nobody can guess. */
  newCode: () => string
  /** The left side of a Message-ID, never twice the same. */
  newId: () => string
  wakeOutbox: () => void
  /** A code was typed wrong; `who` did. */
  guessed: (who: string) => void
  /** Resolves when the code mail to this address was tried once, or after a while, or when `signal` aborts. */
  untilTried: (address: string, signal: AbortSignal) => Promise<void>
}

type Senders = {
  list(): Promise<SenderAddress[]>
  /** Throws ProblemError `name-taken`, `invalid-input` at `address` or `reason`. */
  add(input: ParsedInput<'senders.add'>, caller: Caller): Promise<SenderAddress>
  /** Throws ProblemError `not-found`, `code-sent-just-now`. */
  sendCode(input: ParsedInput<'senders.send-code'>): Promise<SenderAddress>
  /** Throws ProblemError `not-found`, `code-wrong`, `code-expired`, `invalid-input` at `reason`. */
  verify(input: ParsedInput<'senders.verify'>, caller: Caller): Promise<SenderAddress>
  /** Throws ProblemError `not-found`, `invalid-input` at `reason`. */
  delete(input: ParsedInput<'senders.delete'>, caller: Caller): Promise<CallAnswer<'senders.delete'>>
  /** Why nothing may be sent under the address of this server; null: it may. Asked for all mail but codes. */
  mayNotSend(server: Pick<OutgoingServerDraft, 'name' | 'replyTo'>): Promise<Problem | null>
  /** Whether an address was verified by a code, whether or not that is asked for. */
  isVerified(address: string): Promise<boolean>
}

/** Addresses that were shown to be ours by a code that went there; one function for each call `senders.…`. */
export function createSenders(needs: SendersNeeds): Senders {
  const { database, tables, clock } = needs
  const { senders, codeMails } = tables
  const now = (): string => new Date(clock.now()).toISOString()
  // Asked for each mail that goes out.
  let verified: Promise<ReadonlySet<string>> | null = null
  const changed = (): void => {
    verified = null
    needs.announce('senders-changed', {})
  }
  const verifiedNow = (): Promise<ReadonlySet<string>> => {
    const reading = (verified ??= senders.all(database).then((rows) => new Set(rows.filter(({ verifiedAt }) => verifiedAt !== null).map(({ address }) => address))))
    reading.catch(() => (verified = verified === reading ? null : verified))
    return reading
  }
  const codes = createMailedCodes({
    clock, newCode: needs.newCode,
    store: { find: async (address) => (await senders.find(database, address))?.code ?? null, putTries: (address, triesLeft) => database.transaction((transaction) => senders.putTries(transaction, address, triesLeft)) }
  })

  const list = async (): Promise<SenderAddress[]> => {
    const { outgoing, settings } = await readConfiguration(tables, database)
    const mails = await codeMails.newest(database, codeSubjects.sender)
    return (await senders.all(database)).map(({ address, kind, verifiedAt, code }) => ({ address, kind, verifiedAt, code: code === null ? null : viewOf(address, code, mails), usedBy: usersOf(address, outgoing, settings) }))
  }
  const viewOf = (address: string, code: KeptCode, mails: Awaited<ReturnType<CodeMailsTable['newest']>>): SenderAddress['code'] => {
    const mail = mails.get(address) ?? null
    return {
      sentAt: new Date(code.sentAt).toISOString(), expiresAt: new Date(code.expiresAt).toISOString(), triesLeft: codes.isOver(address, code) ? 0 : code.triesLeft,
      nextAt: new Date(clock.now() + codes.waitMs(address, code)).toISOString(), mail: mail === null ? null : { state: mail.state, problem: mail.problem }
    }
  }
  const one = async (address: string): Promise<SenderAddress> => {
    const found = (await list()).find((each) => each.address === address)
    if (found === undefined) throw notFound('sender address', address, [])
    return found
  }
  const stored = async (given: string): Promise<SenderRow> => {
    const address = normalAddress(given) ?? given
    const row = await senders.find(database, address)
    if (row === null) throw notFound('sender address', given, (await senders.all(database)).map((each) => each.address))
    return row
  }
  const recorded = async (transaction: Transaction, given: string | null, entry: { who: string; address: string; action: 'added' | 'changed' | 'deleted'; changes: { field: string; from: string; to: string }[] }): Promise<void> => {
    const reason = checkedReason(await readSettings(tables, transaction), given)
    await tables.history.add(transaction, { at: now(), who: entry.who, what: 'sender address', name: entry.address, action: entry.action, changes: entry.changes, reason, version: null })
  }

  /** Puts a new code on disk together with the mail that takes it there. */
  const post = (address: string, before: (transaction: Transaction) => Promise<void>): Promise<void> =>
    codes.make(address, (code, kept) =>
      database.transaction(async (transaction) => {
        await before(transaction)
        await senders.putCode(transaction, address, kept)
        await codeMails.drop(transaction, { to: address, subject: codeSubjects.sender })
        const { wantedServer, domain } = wayTo(address, await readConfiguration(tables, transaction))
        await tables.outbox.add(transaction, [codeMail('sender', { to: address, code, at: clock.now(), wantedServer, messageId: `<${needs.newId()}@${domain}>` })])
      })
    )
  const posted = (address: string, workId: string): Promise<SenderAddress> =>
    needs.works.during(workId, async (signal) => {
      changed()
      needs.announce('outbox-changed', {})
      needs.wakeOutbox()
      await needs.untilTried(address, signal)
      return one(address)
    })

  const isVerified: Senders['isVerified'] = async (given) => {
    const address = normalAddress(given)
    return address !== null && (await verifiedNow()).has(address)
  }

  return {
    list,
    async add({ address: given, kind, reason, workId }, { who }) {
      const address = normalAddress(given)
      if (address === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'address', message: 'No mail can go to that address.' }] })
      if ((await senders.find(database, address)) !== null) throw taken(address)
      await post(address, async (transaction) => {
        if ((await senders.find(transaction, address)) !== null) throw taken(address)
        await senders.insert(transaction, { address, kind, addedAt: now(), verifiedAt: null, code: null })
        await recorded(transaction, reason, { who, address, action: 'added', changes: [{ field: 'kind', from: '', to: kind }] })
      })
      return posted(address, workId)
    },
    async sendCode({ address: given, workId }) {
      const { address } = await stored(given)
      await post(address, async (transaction) => {
        if ((await senders.find(transaction, address)) === null) throw notFound('sender address', address, [])
      })
      return posted(address, workId)
    },
    async verify({ address: given, code, reason }, { who }) {
      const { address, verifiedAt } = await stored(given)
      checkedReason(await readSettings(tables, database), reason)
      await codes.check(address, code, () =>
        database.transaction(async (transaction) => {
          if ((await senders.find(transaction, address)) === null) throw notFound('sender address', address, [])
          await senders.putVerified(transaction, address, now())
          await recorded(transaction, reason, { who, address, action: 'changed', changes: [{ field: 'verified', from: verifiedAt ?? 'no', to: now() }] })
        })
      ).catch((thrown: unknown) => {
        if (thrown instanceof ProblemError && thrown.problem.code === 'code-wrong') needs.guessed(who)
        throw thrown
      }).finally(changed)
      needs.wakeOutbox()
      return one(address)
    },
    async delete({ address: given, reason }, { who }) {
      const { address, kind } = await stored(given)
      await database.transaction(async (transaction) => {
        await senders.delete(transaction, address)
        await codeMails.drop(transaction, { to: address, subject: codeSubjects.sender })
        await recorded(transaction, reason, { who, address, action: 'deleted', changes: [{ field: 'kind', from: kind, to: '' }] })
      })
      changed()
    },
    isVerified,
    mayNotSend: async ({ name, replyTo }) => (!(await needs.settings()).sending.requireVerifiedSenders || (await isVerified(replyTo)) ? null : { code: 'sender-unverified', server: name, sender: replyTo })
  }
}

const taken = (address: string): ProblemError => new ProblemError({ code: 'name-taken', what: 'sender address', name: address })

/** The server that sends as this address, where it can send now, else the default one (`wantedServer` null); `domain` is that of its sender, for the Message-ID. */
function wayTo(address: string, present: PresentConfiguration): { wantedServer: string | null; domain: string } {
  const { outgoing, partitions } = present
  const known = knownServersIn(present)
  const own = outgoing.find(({ server }) => normalAddress(server.replyTo) === address && !server.block && outgoingReadiness(server, known).ready !== null)
  const standard = partitions.find((partition) => partition.default)?.outgoing ?? null
  const sender = (own ?? outgoing.find(({ server }) => server.name === standard))?.server.replyTo ?? ''
  return { wantedServer: own?.server.name ?? null, domain: normalAddress(sender)?.replace(/^.*@/, '') ?? 'mailroom.invalid' }
}
