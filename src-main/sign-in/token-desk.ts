import { ProblemError, type Problem } from '#contract/problem.ts'
import type { AccessToken } from '../mail/incoming-transport.ts'
import { settingsOf, type AskIssuer } from './ask-issuer.ts'
import { missingScopes } from './missing-scopes.ts'
import type { TokenServer } from './sign-in.ts'
import type { IssuedTokens } from './token-issuer.ts'
import { afterIssue, isGood, secretMark, settingsMark, type TokenRecord } from './token-record.ts'
import type { TokenStore } from './token-store.ts'
import { untilAborted } from './until-aborted.ts'
import { isRefusal, retryAfterMs } from './refusals.ts'

export type DeskNeeds = { store: TokenStore; ask: AskIssuer; now: () => Date; closing: AbortSignal; refused: (of: TokenServer, problem: Problem) => void }

/** Hands out the tokens of one server. */
export type TokenDesk = {
  /** Resolves with a token good for a while, renewing it where needed: one request however many ask. Throws ProblemError. */
  token(of: TokenServer, signal: AbortSignal, refused?: { token: string; claims: string | null }): Promise<AccessToken>
  /** Takes the tokens of a person who signed in in place of those of before. */
  put(record: TokenRecord): Promise<void>
  /** The tokens for these settings; null where there are none. */
  look(of: Pick<TokenServer, 'kind' | 'server'>): Promise<TokenRecord | null>
  forget(): Promise<void>
  /** Resolves when no renewal is under way. */
  idle(): Promise<void>
}

const renewalLimitMs = 90_000

export function createTokenDesk({ store, ask, now, closing, refused: tellRefused }: DeskNeeds): TokenDesk {
  let renewal: Promise<TokenRecord> | null = null
  /** Issued and not stored yet. */
  let unsaved: TokenRecord | null = null
  /** Changes when somebody signs in or the tokens are forgotten: what a renewal brings afterwards counts no more. */
  let epoch = 0

  const renew = async (of: TokenServer, record: TokenRecord | null, claims: string | null): Promise<TokenRecord> => {
    const began = epoch
    const mark = markOf(of)
    try {
      const issued = await ask(of, { signal: closing, limitMs: renewalLimitMs }, (issuer, asked) => {
        if (byItself(of)) return issuer.asApplication(asked, claims)
        if (!record?.refreshToken) throw new ProblemError({ code: 'sign-in-needed', server: of.server.name })
        return issuer.byRefreshToken(asked, record.refreshToken, claims)
      })
      if (began !== epoch) return (await store.read()) ?? afterIssue(null, issued, mark, now().getTime())
      return await keep(of, record, issued, mark)
    } catch (error) {
      if (error instanceof ProblemError && isRefusal(error.problem) && began === epoch) await remember(of, record, mark, error.problem)
      throw error
    }
  }

  const keep = async (of: TokenServer, record: TokenRecord | null, issued: IssuedTokens, mark: string): Promise<TokenRecord> => {
    unsaved = afterIssue(record, issued, mark, now().getTime())
    const saved = await save(unsaved)
    const missing = missingScopes(settingsOf(of), saved.scope)
    if (missing.length > 0) throw new ProblemError({ code: 'scope-missing', server: of.server.name, missing, granted: saved.scope })
    return saved
  }

  const save = async (record: TokenRecord): Promise<TokenRecord> => {
    await store.write(record)
    if (unsaved === record) unsaved = null
    return record
  }

  const remember = async (of: TokenServer, record: TokenRecord | null, mark: string, problem: Problem): Promise<void> => {
    tellRefused(of, problem)
    const wait = retryAfterMs(problem)
    const refused = { problem, secret: secretMark(of.secret), retryAt: wait === null ? null : now().getTime() + wait }
    // Read again: the renewal may have stored a new refresh token before it was found wanting.
    const base = (await current(mark)) ?? record ?? { ...afterIssue(null, nothing, mark, now().getTime()), signedInAt: null, lastRefreshAt: null }
    await store.write({ ...base, settings: mark, accessToken: null, accessExpiresAt: 0, refused })
  }

  const current = async (mark: string): Promise<TokenRecord | null> => {
    const record = unsaved ?? (await store.read())
    return record?.settings === mark ? record : null
  }

  const next = async (of: TokenServer, claims: string | null): Promise<TokenRecord> => {
    const mark = markOf(of)
    if (unsaved?.settings === mark) {
      const saved = await save(unsaved)
      if (claims === null && isGood(saved, now().getTime())) return saved
    }
    const record = await current(mark)
    const stop = record?.refused
    if (stop && stop.secret === secretMark(of.secret) && (stop.retryAt === null || now().getTime() < stop.retryAt)) throw new ProblemError(stop.problem)
    return renew(of, record, claims)
  }

  return {
    async token(of, signal, refused) {
      if (signal.aborted) throw new ProblemError({ code: 'cancelled' })
      const record = renewal === null && unsaved === null ? await untilAborted(current(markOf(of)), signal) : null
      const usable = record !== null && record.refused === null && isGood(record, now().getTime()) && record.accessToken !== refused?.token
      if (usable) return handedOut(record)
      // Who waits may give up; the renewal goes on, since a refresh token that was replaced must reach the store.
      renewal ??= next(of, refused?.claims ?? null).finally(() => (renewal = null))
      const renewed = await untilAborted(renewal, signal)
      if (renewed.settings === markOf(of)) return handedOut(renewed)
      return this.token(of, signal, refused)
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
      await store.remove()
    },
    async idle() {
      await renewal?.catch(() => undefined)
    }
  }
}

const nothing: IssuedTokens = { accessToken: '', expiresAt: 0, refreshToken: null, scope: [], account: null }
const markOf = ({ kind, server }: TokenServer): string => settingsMark(settingsOf({ kind, server }), server.auth)

/** Whether the application signs in by itself, without a person. */
export const byItself = ({ server }: Pick<TokenServer, 'server'>): boolean => server.auth.method === 'service-account' || server.auth.flow === 'client-credentials'

function handedOut({ accessToken, accessExpiresAt, scope, account }: TokenRecord): AccessToken {
  return { token: accessToken ?? '', expiresAt: accessExpiresAt, scope, account }
}
