import { createHash, randomBytes } from 'node:crypto'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import { createAskIssuer, settingsOf, type AskNeeds } from './ask-issuer.ts'
import { tokenIssuers, type Issuers } from './issuers.ts'
import { openLoopback, type Loopback } from './loopback.ts'
import { missingScopes } from '../model/missing-scopes.ts'
import { wantsRefreshToken } from './wants-refresh-token.ts'
import type { SignIn, TokenServer } from './sign-in.ts'
import { stateOf } from './sign-in-state.ts'
import { byItself, createTokenDesk, type TokenDesk } from './token-desk.ts'
import type { IssuedTokens } from './token-issuer.ts'
import { afterIssue, settingsMark, type TokenRecord } from './token-record.ts'
import { createTokenStore, tokenAccount, type ServerKind } from './token-store.ts'
import { untilAborted } from './until-aborted.ts'

export type SignInNeeds = Omit<AskNeeds, 'issuers'> & {
  issuers?: Issuers
  store: CredentialStore
  /** Told once for each refusal that stops a server. */
  alert?: (kind: ServerKind, name: string, problem: Problem) => void
  /** How long a person may take (default 15 minutes, as Entra's device codes). */
  personMs?: number
}

/** Keeps the tokens of every server in the credential store, as `token/incoming/NAME` and `token/outgoing/NAME`. */
export function createSignIn(needs: SignInNeeds): SignIn {
  const { store, now, alert, personMs = 15 * 60_000 } = needs
  const ask = createAskIssuer({ issuers: tokenIssuers, ...needs })
  const closing = new AbortController()
  const desks = new Map<string, TokenDesk>()
  const waiting = new Map<string, { account: string; loopback: Loopback | null; stop: AbortController }>()

  const deskOf = (kind: ServerKind, name: string): TokenDesk => {
    const account = tokenAccount(kind, name)
    const known = desks.get(account)
    if (known) return known
    const desk = createTokenDesk({ store: createTokenStore(store, account), ask, now, closing: closing.signal, refused: (of, problem) => alert?.(of.kind, of.server.name, problem) })
    desks.set(account, desk)
    return desk
  }

  const signIn = async (of: TokenServer, run: Parameters<SignIn['start']>[1], stop: AbortController): Promise<IssuedTokens> => {
    const settings = settingsOf(of)
    const signal = AbortSignal.any([run.signal, stop.signal, closing.signal])
    const within = { signal, limitMs: personMs + 60_000 }
    if (byItself(of)) return ask(of, { signal, limitMs: 90_000 }, (issuer, asked) => issuer.asApplication(asked, null))
    if (settings.flow === 'device-code') return ask(of, within, (issuer, asked) => issuer.byDeviceCode(asked, run.step))
    const state = randomBytes(24).toString('base64url')
    const verifier = randomBytes(48).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const loopback = await openLoopback(of.server.name, settings.redirectUrl, state)
    const entry = waiting.get(run.id)
    if (entry) entry.loopback = loopback
    try {
      return await ask(of, within, (issuer, asked) => {
        const browse = async (url: string): Promise<URLSearchParams> => {
          run.step({ kind: 'open-browser', url, redirectUrl: loopback.redirectUrl })
          return untilAborted(inTime(loopback.answer, personMs, of.server.name), asked.signal)
        }
        return issuer.interactively(asked, { redirectUrl: loopback.redirectUrl, state, verifier, challenge, browse })
      })
    } finally {
      await loopback.close()
    }
  }

  return {
    tokensOf: (of) => (signal, refused) => deskOf(of.kind, of.server.name).token(of, signal, refused),
    async start(of, run) {
      const account = tokenAccount(of.kind, of.server.name)
      for (const other of waiting.values()) if (other.account === account) other.stop.abort()
      const stop = new AbortController()
      waiting.set(run.id, { account, loopback: null, stop })
      try {
        // A locked store is told before a person signs in for nothing.
        await store.get(account)
        const issued = await signIn(of, run, stop)
        const record = signedIn(of, issued, now().getTime())
        const desk = deskOf(of.kind, of.server.name)
        await desk.put(record)
        return stateOf(of, record)
      } finally {
        waiting.delete(run.id)
      }
    },
    async answer(id, url) {
      if (!waiting.get(id)?.loopback?.paste(url)) throw new ProblemError({ code: 'not-found', what: 'call', name: 'a sign-in that this address belongs to', nearest: null })
    },
    async stateOf(kind, server) {
      try {
        return stateOf({ kind, server }, await deskOf(kind, server.name).look({ kind, server }))
      } catch (error) {
        // What cannot be read must not keep anybody from opening the server and putting it right.
        if (error instanceof ProblemError) return { ...stateOf({ kind, server }, null), problem: error.problem }
        throw error
      }
    },
    async forget(kind, name) {
      for (const one of waiting.values()) if (one.account === tokenAccount(kind, name)) one.stop.abort()
      await deskOf(kind, name).forget()
    },
    async rename(kind, was, name) {
      const [from, to] = [tokenAccount(kind, was), tokenAccount(kind, name)]
      await desks.get(from)?.idle()
      const text = await store.get(from)
      if (text === null) await store.delete(to)
      else await store.set(to, text)
      await store.delete(from)
      desks.delete(from)
      desks.delete(to)
    },
    async close() {
      for (const { stop } of waiting.values()) stop.abort()
      const renewals = Promise.all([...desks.values()].map((desk) => desk.idle()))
      // A renewal that hangs must not keep the console from ending; one that answers soon may still store what it got.
      const timer = setTimeout(() => closing.abort(), 5_000)
      await renewals
      clearTimeout(timer)
      closing.abort()
    }
  }
}

/** Throws ProblemError `signed-in-as-another` or `scope-missing`; nothing is stored then. */
function signedIn(of: TokenServer, issued: IssuedTokens, now: number): TokenRecord {
  const settings = settingsOf(of)
  const { name } = of.server
  const names = [issued.account, ...(issued.alsoKnownAs ?? [])].filter((one) => one !== null).map((one) => one.toLowerCase())
  if (!byItself(of) && settings.user.includes('@') && names.length > 0 && !names.includes(settings.user.toLowerCase())) throw new ProblemError({ code: 'signed-in-as-another', server: name, wanted: settings.user, got: issued.account ?? names[0] ?? '' })
  const missing = missingScopes(settings, issued.scope)
  if (issued.refreshToken === null && !byItself(of) && wantsRefreshToken(settings)) missing.push('offline_access')
  if (missing.length > 0) throw new ProblemError({ code: 'scope-missing', server: name, missing, granted: issued.scope })
  return afterIssue(null, issued, settingsMark(settings, of.server.auth), now)
}

function inTime<Value>(promise: Promise<Value>, limitMs: number, server: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ProblemError({ code: 'sign-in-timed-out', server })), limitMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
