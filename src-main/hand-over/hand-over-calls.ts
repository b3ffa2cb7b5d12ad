import { isDeepStrictEqual } from 'node:util'
import type { CallAnswer, ParsedInput, Role } from '#contract/calls.ts'
import type { HandOverTarget } from '#contract/hand-over.ts'
import { ProblemError } from '#contract/problem.ts'
import { nearestName } from '#contract/nearest-name.ts'
import type { CallContext } from '../console.ts'
import { accountOfTarget, targetOfAccount, type HandOverNeeds } from './hand-over-needs.ts'

export type HandOverCalls = {
  list(input: ParsedInput<'hand-over.list'>): Promise<CallAnswer<'hand-over.list'>>
  /** Resolves at once while events are sent in the background, else when each was tried. Throws ProblemError `not-found`. */
  retry(input: ParsedInput<'hand-over.retry'>): Promise<CallAnswer<'hand-over.retry'>>
  /**
   * The stored secret goes only where it goes already, or where somebody who might change that sends it. Throws ProblemError
   * `hand-over-unreachable`, `hand-over-secret-missing`, `invalid-input`.
   */
  test(input: ParsedInput<'hand-over.test'>, caller: Pick<CallContext, 'role'>): Promise<CallAnswer<'hand-over.test'>>
  /** Throws ProblemError `not-found`, `invalid-input`. */
  setSecret(input: ParsedInput<'hand-over.secret'>, caller: Pick<CallContext, 'who'>): Promise<void>
  /** Names of the targets that a secret is stored for. */
  secrets(): Promise<string[]>
}
type CallNeeds = HandOverNeeds & { hasten: (target: string) => Promise<void>; forgive: (target: string) => void; wake: () => void; sendNow: (target: string) => Promise<void>; changed: (target: string) => void }

export function createHandOverCalls(needs: CallNeeds): HandOverCalls {
  const { database, tables, credentials, helpDesk, clock, works } = needs
  const known = async (name: string) => {
    const all = (await needs.settings()).handOver
    const target = all.find((one) => one.name === name)
    if (target === undefined) throw new ProblemError({ code: 'not-found', what: 'help desk', name, nearest: nearestName(name, all.map((one) => one.name)) })
    return target
  }
  const mayUseStored = async (target: HandOverTarget, role: Role): Promise<boolean> => role === 'administrator' || (await needs.settings()).handOver.some((one) => isDeepStrictEqual(one, target))
  const refuseFaulty = (kind: Parameters<typeof helpDesk.faultOfSecret>[0], secret: string): void => {
    const fault = helpDesk.faultOfSecret(kind, secret)
    if (fault !== null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'secret', message: fault }] })
  }
  return {
    async list(input) {
      const rows = await tables.handOver.page(database, input)
      const last = rows.at(-1)
      return { rows, next: rows.length === input.limit && last !== undefined ? last.id : null, ...(await tables.handOver.counts(database, input.target === null ? (await needs.settings()).handOver.map(({ name }) => name) : [input.target])) }
    },
    async retry({ target, ids }) {
      await known(target)
      const retried = await database.transaction((transaction) => tables.handOver.retry(transaction, target, ids, new Date(clock.now()).toISOString()))
      needs.forgive(target)
      needs.changed(target)
      await needs.sendNow(target)
      return { retried }
    },
    async test({ target, secret, workId }, { role }) {
      const used = secret ?? ((await mayUseStored(target, role)) ? await credentials.get(accountOfTarget(target.name)) : null)
      if (used === null) throw new ProblemError({ code: 'hand-over-secret-missing', target: target.name })
      refuseFaulty(target.kind, used)
      const signal = works.start(workId)
      const began = clock.now()
      try {
        const { status, answer } = await helpDesk.test(target, used, signal)
        return { status, answer, ms: clock.now() - began }
      } finally {
        works.end(workId)
      }
    },
    async setSecret({ target, secret }, { who }) {
      const account = accountOfTarget(target)
      const was = await credentials.get(account)
      if (secret === null && was === null) throw new ProblemError({ code: 'not-found', what: 'secret', name: target, nearest: null })
      if (secret !== null) {
        refuseFaulty((await known(target)).kind, secret)
        await credentials.set(account, secret)
      } else await credentials.delete(account)
      const action = secret === null ? 'deleted' : was === null ? 'added' : 'changed'
      await database.transaction((transaction) =>
        tables.history.add(transaction, { at: new Date(clock.now()).toISOString(), who, what: 'secret', name: target, action, changes: [{ field: 'secret for hand-over', from: '', to: action }], reason: null })
      )
      needs.changed(target)
      if (secret === null) return
      await needs.hasten(target)
      needs.wake()
    },
    secrets: async () => (await credentials.accounts()).map(targetOfAccount).filter((name) => name !== null).sort()
  }
}
