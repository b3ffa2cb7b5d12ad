import { ProblemError, type Problem } from '#contract/problem.ts'
import type { AccessToken } from '../mail/incoming-transport.ts'
import { settingsOf, type AskIssuer } from './ask-issuer.ts'
import { missingScopes } from '../model/missing-scopes.ts'
import { isRefusal, retryAfterMs } from './refusals.ts'
import type { TokenServer } from './sign-in.ts'
import type { IssuedTokens } from './token-issuer.ts'
import { afterIssue, isGood, secretMark, settingsMark, type TokenRecord } from './token-record.ts'
import type { TokenStore } from './token-store.ts'
import { untilAborted } from './until-aborted.ts'

export type DeskNeeds = { store: TokenStore; ask: AskIssuer; now: () => Date; closing: AbortSignal; refused: (of: TokenServer, problem: Problem) => void }

/** Hands out the tokens of one server. */
export type TokenDesk = {
  /** Resolves with a token good for a while, renewing it where needed: one request however many ask. Throws ProblemError. */
  token(of: TokenServer, signal: AbortSignal, refused?: Refused): Promise<AccessToken>
  /** Takes the tokens of a person who signed in in place of those of before. */
  put(record: TokenRecord): Promise<void>
  /** The tokens for these settings; null where there are none. */
  look(of: Pick<TokenServer, 'kind' | 'server'>): Promise<TokenRecord | null>
  forget(): Promise<void>
  /** Resolves when no renewal is under way. */
  idle(): Promise<void>
}

type Refused = { token: string; claims: string | null }
const renewalLimitMs = 90_000

export function createTokenDesk({ store, ask, now, closing, refused: tellRefused }: DeskNeeds): TokenDesk {
  let renewal: { marks: string; record: Promise<TokenRecord> } | null = null
  /** Issued and not stored yet. */
  let unsaved: TokenRecord | null = null
  /** Of settings that are only tried, while a person's sign-in for other settings lies in the store. */
  let aside: TokenRecord | null = null
  /** Changes when somebody signs in or the tokens are forgotten: what a renewal brings afterwards counts no more. */
  let epoch = 0

  const current = async (mark: string): Promise<TokenRecord | null> => {
    if (unsaved?.settings === mark) return unsaved
    const stored = await store.read()
    return stored?.settings === mark ? stored : aside?.settings === mark ? aside : null
  }

  const save = async (record: TokenRecord, began = epoch): Promise<TokenRecord> => {
    const stored = await store.read()
    if (began !== epoch) return record
    if (stored?.refreshToken && stored.settings !== record.settings && record.refreshToken === null) aside = record
    else await store.write(record)
    if (unsaved === record) unsaved = null
    return record
  }

  const keep = async (of: TokenServer, record: TokenRecord | null, issued: IssuedTokens, began: number): Promise<TokenRecord> => {
    unsaved = afterIssue(record, issued, markOf(of), now().getTime())
    const saved = await save(unsaved, began)
    const missing = missingScopes(settingsOf(of), saved.scope)
    if (missing.length > 0) throw new ProblemError({ code: 'scope-missing', server: of.server.name, missing, granted: saved.scope })
    return saved
  }

  const remember = async (of: TokenServer, problem: Problem, began: number): Promise<void> => {
    const known = await current(markOf(of))
    if (known?.refused?.problem.code !== problem.code) tellRefused(of, problem)
    const wait = retryAfterMs(problem, byItself(of))
    const refused = { problem, secret: secretMark(of.secret), retryAt: wait === null ? null : now().getTime() + wait }
    const before = known ?? { ...afterIssue(null, nothing, markOf(of), 0), signedInAt: null, lastRefreshAt: null }
    await save({ ...before, accessToken: null, accessExpiresAt: 0, refused }, began)
  }

  const renew = async (of: TokenServer, record: TokenRecord | null, claims: string | null): Promise<TokenRecord> => {
    const began = epoch
    try {
      const issued = await ask(of, { signal: closing, limitMs: renewalLimitMs }, (issuer, asked) => {
        if (byItself(of)) return issuer.asApplication(asked, claims)
        if (!record?.refreshToken) throw new ProblemError({ code: 'sign-in-needed', server: of.server.name })
        return issuer.byRefreshToken(asked, record.refreshToken, claims)
      })
      if (began !== epoch) return (await current(markOf(of))) ?? afterIssue(null, issued, markOf(of), now().getTime())
      return await keep(of, record, issued, began)
    } catch (error) {
      if (error instanceof ProblemError && isRefusal(error.problem) && began === epoch) await remember(of, error.problem, began)
      throw error
    }
  }

  const next = async (of: TokenServer, claims: string | null): Promise<TokenRecord> => {
    if (unsaved?.settings === markOf(of)) {
      const saved = await save(unsaved)
      if (claims === null && isGood(saved, now().getTime())) return saved
    }
    const record = await current(markOf(of))
    const stop = record?.refused
    if (stop && stop.secret === secretMark(of.secret) && (stop.retryAt === null || now().getTime() < stop.retryAt)) throw new ProblemError(stop.problem)
    return renew(of, record, claims)
  }

  /** Who waits may give up; the renewal goes on, since a refresh token that was replaced must reach the store. */
  const renewed = async (of: TokenServer, signal: AbortSignal, claims: string | null): Promise<TokenRecord> => {
    const marks = `${markOf(of)} ${secretMark(of.secret)}`
    while (renewal !== null && renewal.marks !== marks) await untilAborted(renewal.record.catch(() => undefined), signal)
    renewal ??= { marks, record: next(of, claims).finally(() => (renewal = null)) }
    return untilAborted(renewal.record, signal)
  }

  return {
    async token(of, signal, refused) {
      if (signal.aborted) throw new ProblemError({ code: 'cancelled' })
      const record = unsaved === null ? await untilAborted(current(markOf(of)), signal) : null
      const usable = record !== null && record.refused === null && isGood(record, now().getTime()) && record.accessToken !== refused?.token
      const { accessToken, accessExpiresAt, scope, account } = usable ? record : await renewed(of, signal, refused?.claims ?? null)
      return { token: accessToken ?? '', expiresAt: accessExpiresAt, scope, account }
    },
    async put(record) {
      epoch++
      unsaved = null
      await store.write(record)
    },
    look: ({ kind, server }) => current(settingsMark(settingsOf({ kind, server }), server.auth)),
    async forget() {
      epoch++
      unsaved = null
      aside = null
      await store.remove()
    },
    async idle() {
      await renewal?.record.catch(() => undefined)
    }
  }
}

const nothing: IssuedTokens = { accessToken: '', expiresAt: 0, refreshToken: null, scope: [], account: null }
const markOf = ({ kind, server }: TokenServer): string => settingsMark(settingsOf({ kind, server }), server.auth)

/** Whether the application signs in by itself, without a person. */
export const byItself = ({ server }: Pick<TokenServer, 'server'>): boolean => server.auth.method === 'service-account' || server.auth.flow === 'client-credentials'
