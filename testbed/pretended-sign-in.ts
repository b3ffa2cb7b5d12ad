import type { SignInState } from '#contract/oauth.ts'
import { ProblemError } from '#contract/problem.ts'
import type { SignIn, TokenServer } from '../src-main/sign-in/sign-in.ts'

/** A SignIn that keeps its tokens in `tokens`, under `incoming/NAME` and `outgoing/NAME`, and signs anybody in who starts. */
export const createPretendedSignIn = () => {
  const tokens = new Map<string, string>()
  const asked: TokenServer[] = []
  const answers: { id: string; url: string }[] = []
  const byItself = ({ auth }: TokenServer['server']): boolean => auth.method === 'service-account' || auth.flow === 'client-credentials'
  const stateOf = (key: string, server: TokenServer['server']): SignInState => ({
    state: byItself(server) ? 'app' : tokens.has(key) ? 'signed-in' : 'never', account: tokens.has(key) ? server.auth.user : null, scope: [], signedInAt: null, lastRefreshAt: null, accessExpiresAt: null,
    idleExpiresAt: tokens.has(key) ? '2027-02-18T08:00:00.000Z' : null, problem: null
  })
  const signIn: SignIn = {
    tokensOf: (of) => async () => {
      asked.push(of)
      const key = `${of.kind}/${of.server.name}`
      if (byItself(of.server)) tokens.set(key, `token for ${of.secret}`)
      const token = tokens.get(key)
      if (token === undefined) throw new ProblemError({ code: 'sign-in-needed', server: of.server.name })
      return { token, expiresAt: 0, scope: [], account: null }
    },
    start: async (of, { signal, step }) => {
      asked.push(of)
      step({ kind: 'open-browser', url: 'https://login.example.com/?state=x', redirectUrl: 'http://localhost' })
      signal.throwIfAborted()
      tokens.set(`${of.kind}/${of.server.name}`, 'token of a person')
      return stateOf(`${of.kind}/${of.server.name}`, of.server)
    },
    answer: async (id, url) => void answers.push({ id, url }),
    stateOf: async (kind, server) => stateOf(`${kind}/${server.name}`, server),
    forget: async (kind, name) => void tokens.delete(`${kind}/${name}`),
    rename: async (kind, was, name) => {
      const token = tokens.get(`${kind}/${was}`)
      tokens.delete(`${kind}/${name}`)
      if (token !== undefined) tokens.set(`${kind}/${name}`, token)
      tokens.delete(`${kind}/${was}`)
    },
    close: async () => undefined
  }
  return { signIn, tokens, asked, answers }
}
