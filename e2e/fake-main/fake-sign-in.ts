import type { CallAnswer, ParsedInput } from '../../src-contract/calls.ts'
import type { EventName, Events } from '../../src-contract/events.ts'
import type { Auth } from '../../src-contract/fields.ts'
import type { SignInState } from '../../src-contract/oauth.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { neverSignedIn, signedIn } from './sample-oauth.ts'

type Side = 'incoming' | 'outgoing'
type Needs = {
  announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void
  later: (ms: number) => Promise<void>
  isCancelled: (workId: string) => boolean
  fail: (problem: Problem) => never
  flowOf: (kind: Side, name: string) => Auth
  keep: (kind: Side, name: string, state: SignInState) => void
}
type Call<Name extends 'sign-in.start' | 'sign-in.answer' | 'sign-in.forget'> = (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>>

/** Sign-in as the core plays it: the browser one waits for the pasted address, the device one ends after a while; `fakeSignedIn` ends either. */
export const signInCalls = ({ announce, later, isCancelled, fail, flowOf, keep }: Needs): { 'sign-in.start': Call<'sign-in.start'>; 'sign-in.answer': Call<'sign-in.answer'>; 'sign-in.forget': Call<'sign-in.forget'> } => {
  let ended = false
  Object.defineProperty(window, 'fakeSignedIn', { value: () => { ended = true } })
  return {
    'sign-in.start': async ({ kind, name, workId }) => {
      ended = false
      const auth = flowOf(kind, name)
      await later(40)
      if (auth.flow === 'device-code') announce('sign-in-step-happened', { workId, step: { kind: 'device-code', userCode: 'HX4K-9TQW', verificationUrl: 'https://microsoft.com/devicelogin', expiresAt: new Date(Date.now() + 15 * 60_000).toISOString() } })
      else announce('sign-in-step-happened', { workId, step: { kind: 'open-browser', url: `https://login.microsoftonline.com/${auth.tenant ?? 'organizations'}/oauth2/v2.0/authorize?client_id=${auth.clientId ?? ''}&response_type=code&code_challenge_method=S256&state=9c1b`, redirectUrl: 'http://localhost:47012' } })
      for (let waited = 0; !ended; waited += 50) {
        if (isCancelled(workId)) fail({ code: 'cancelled' })
        if (waited > 20_000) fail({ code: 'sign-in-timed-out', server: name })
        await later(50)
      }
      const state = { ...signedIn(auth.user || 'it@example.com'), signedInAt: new Date().toISOString(), lastRefreshAt: new Date().toISOString() }
      keep(kind, name, state)
      return state
    },
    'sign-in.answer': ({ url }) => {
      if (url.includes('another')) fail({ code: 'signed-in-as-another', server: 'cloud', wanted: 'it@example.com', got: 'ann@example.com' })
      ended = true
    },
    'sign-in.forget': ({ kind, name }) => keep(kind, name, neverSignedIn)
  }
}
