import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import type { Credentials, TokenSource } from './incoming-transport.ts'
import { presentCredentials, presentedUser, type Presented } from './present-credentials.ts'

const server = { name: 'it', auth: { method: 'oauth2' as const, user: 'ann@example.com', secret: 'keychain' } }
const signal = AbortSignal.timeout(5_000)
const refused = (): ProblemError => new ProblemError({ code: 'credentials-refused', server: 'it', user: 'ann', serverSaid: 'no' })
const codeOf = (error: unknown): string => (error instanceof ProblemError ? error.problem.code : String(error))

/** Tokens 1, 2, …; notes what they were asked with. */
function tokens(): { credentials: Credentials; asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = []
  const token: TokenSource = async (_signal, was) => {
    asked.push(was?.token)
    return { token: `token-${asked.length}`, expiresAt: 0, scope: [], account: null }
  }
  return { credentials: { kind: 'token', user: 'ann@example.com', token }, asked }
}
const seen = (good: string, shown: Presented[] = []) => async (presented: Presented): Promise<string> => {
  shown.push(presented)
  if (presented.secret !== good) throw refused()
  return presented.secret
}

test('a token that is taken is asked for once', async () => {
  const { credentials, asked } = tokens()
  assert.equal(await presentCredentials(server, { credentials, signal }, seen('token-1')), 'token-1')
  assert.deepEqual(asked, [undefined])
})

test('a refused one is replaced once, with a fresh attempt; the second refusal is final', async () => {
  const { credentials, asked } = tokens()
  assert.equal(await presentCredentials(server, { credentials, signal }, seen('token-2')), 'token-2')
  assert.deepEqual(asked, [undefined, 'token-1'])
  const shown: Presented[] = []
  await assert.rejects(presentCredentials(server, { ...tokens(), signal }, seen('never', shown)), (error) => codeOf(error) === 'credentials-refused')
  assert.equal(shown.length, 2)
})

test('where the issuer has no other token nothing is tried again', async () => {
  const shown: Presented[] = []
  const token: TokenSource = async () => ({ token: 'same', expiresAt: 0, scope: [], account: null })
  await assert.rejects(presentCredentials(server, { credentials: { kind: 'token', user: 'x', token }, signal }, seen('never', shown)), (error) => codeOf(error) === 'credentials-refused')
  assert.equal(shown.length, 1)
})

test('another problem than a refusal is no reason for another token', async () => {
  const { credentials, asked } = tokens()
  const busy = new ProblemError({ code: 'server-busy', host: 'h', port: 1, serverSaid: '' })
  await assert.rejects(presentCredentials(server, { credentials, signal }, () => Promise.reject(busy)), busy)
  assert.equal(asked.length, 1)
})

test('a password is shown once, none is a problem', async () => {
  const shown: Presented[] = []
  await assert.rejects(presentCredentials(server, { credentials: { kind: 'password', user: 'ann', secret: 'x' }, signal }, seen('never', shown)), (error) => codeOf(error) === 'credentials-refused')
  assert.equal(shown.length, 1)
  await assert.rejects(presentCredentials(server, { credentials: null, signal }, seen('x')), (error) => codeOf(error) === 'credentials-missing')
})

const users: [Parameters<typeof presentedUser>[0], string, string][] = [
  [{ ...server, mailbox: 'support@example.com' }, 'ann@example.com', 'support@example.com'],
  [{ ...server, mailbox: '' }, 'ann@example.com', 'ann@example.com'],
  [{ ...server, auth: { ...server.auth, user: '', subject: 'bob@example.com' } }, '', 'bob@example.com'],
  [server, '', 'ann@example.com']
]
for (const [asked, user, wanted] of users) test(`mailbox ${asked.mailbox ?? '-'}, user ${user || '-'}: ${wanted} is signed in to`, () => assert.equal(presentedUser(asked, user), wanted))
