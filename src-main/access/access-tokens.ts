import { hash } from 'node:crypto'
import type { CallAnswer, ParsedInput, Role } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { usableAddress } from '../model/usable-address.ts'
import type { Caller } from '../servers/configuration-needs.ts'
import { refuseTakenName } from '../servers/find-named.ts'
import { readSettings } from '../servers/present-configuration.ts'
import { checkedReason } from '../servers/record-change.ts'
import type { AccessNeeds } from './create-access.ts'
import type { AccessTokenRow } from './access-table.ts'
import { tellAccess } from './tell-access.ts'

const hourMs = 3_600_000

/** Named tokens of the headless host. A token is told once; only its SHA-256 is kept. */
export async function openAccessTokens(needs: AccessNeeds) {
  const { database, tables, accessTokens, clock } = needs
  let rows = await accessTokens.all(database)

  const record = (what: { action: 'added' | 'deleted'; name: string; role: Role; secondFactor: string | null; reason: string | null; who: string }) => ({
    at: isoNow(), who: what.who, what: 'access' as const, name: what.name, action: what.action, reason: what.reason, version: null,
    changes: [{ field: 'role', from: what.action === 'deleted' ? what.role : '', to: what.action === 'deleted' ? '' : what.role }, { field: 'token', from: '', to: what.action }, ...(what.secondFactor === null ? [] : [{ field: 'secondFactor', from: what.action === 'deleted' ? what.secondFactor : '', to: what.action === 'deleted' ? '' : what.secondFactor }])]
  })
  const isoNow = (): string => new Date(clock.now()).toISOString()

  return {
    list: async (): Promise<CallAnswer<'access.tokens'>> => rows.map(({ name, role, createdAt, lastUsedAt, secondFactor }) => ({ name, role, createdAt, lastUsedAt, secondFactor })),
    /** Throws ProblemError `name-taken`, `invalid-input` at `secondFactor` (no mail could go there, and nobody would get in) or `reason`. */
    async add({ name, role, secondFactor, reason: given }: ParsedInput<'access.add-token'>, { who }: Caller): Promise<CallAnswer<'access.add-token'>> {
      if (secondFactor !== null && usableAddress(secondFactor) === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'secondFactor', message: 'No mail can go to that address.' }] })
      const token = needs.newToken()
      const row: AccessTokenRow = { name, role, createdAt: isoNow(), lastUsedAt: null, secondFactor, hash: hash('sha256', token) }
      rows = await database.transaction(async (transaction) => {
        const present = await accessTokens.all(transaction)
        refuseTakenName('access token', name, null, present.map((one) => one.name))
        const reason = checkedReason(await readSettings(tables, transaction), given)
        await accessTokens.insert(transaction, row)
        await tables.history.add(transaction, record({ action: 'added', name, role, secondFactor, reason, who }))
        return accessTokens.all(transaction)
      })
      needs.announce('access-changed', {})
      await tellAccess(needs, `The access token ${name} (${role}) was added by ${who}.`)
      return { token }
    },
    /** Throws ProblemError `not-found`, `invalid-input` at `reason`. */
    async revoke({ name, reason: given }: ParsedInput<'access.revoke-token'>, { who }: Caller): Promise<void> {
      rows = await database.transaction(async (transaction) => {
        const present = await accessTokens.all(transaction)
        const row = present.find((one) => one.name === name)
        if (row === undefined) throw new ProblemError({ code: 'not-found', what: 'access token', name, nearest: nearestName(name, present.map((one) => one.name)) })
        const reason = checkedReason(await readSettings(tables, transaction), given)
        await accessTokens.delete(transaction, name)
        await tables.history.add(transaction, record({ action: 'deleted', name, role: row.role, secondFactor: row.secondFactor, reason, who }))
        return accessTokens.all(transaction)
      })
      needs.announce('access-changed', {})
      await tellAccess(needs, `The access token ${name} was revoked by ${who}.`)
    },
    /** Who holds the token with this hash; its use is noted at most once an hour. */
    holder(sha256: string): { name: string; role: Role; secondFactor: string | null } | null {
      const row = rows.find((one) => one.hash === sha256)
      if (row === undefined) return null
      if (row.lastUsedAt === null || clock.now() - Date.parse(row.lastUsedAt) >= hourMs) noteUse(row)
      return { name: row.name, role: row.role, secondFactor: row.secondFactor }
    }
  }

  function noteUse(row: AccessTokenRow): void {
    const at = isoNow()
    row.lastUsedAt = at
    database.transaction((transaction) => accessTokens.noteUse(transaction, row.name, at)).catch((thrown: unknown) => needs.reportUnexpected(thrown, 'noting the use of a token'))
  }
}
