import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CallContext, EventListener } from '../console.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createSecondFactor } from '../access/second-factor.ts'
import { silentLog } from '../log/create-log.ts'
import { roleOfBearer } from './role-of-bearer.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createWebHost, type WebHost } from './web-host.ts'

type Asked = { name: string; input: unknown; context: CallContext }
type Response = { status: number; headers: IncomingHttpHeaders; body: string }

const asked: Asked[] = []
const received: unknown[] = []
const listeners = new Set<EventListener>()
const announce: EventListener = (name, detail) => listeners.forEach((listener) => listener(name, detail))
let folder: string
let host: WebHost
let url: URL

const named = new Map<string, { name: string; role: 'administrator' | 'support'; secondFactor: string | null }>()

const guesses: string[] = []
const posted: { mails: { to: string; code: string }[]; problem: Problem | null; switchedOff: boolean } = { mails: [], problem: null, switchedOff: false }
const time = { now: Date.parse('2026-11-21T12:00:00Z') }
const secondFactor = createSecondFactor({
  clock: { now: () => time.now, elapsed: () => time.now }, newCode: () => String(10_000_000 + posted.mails.length), tokenOf: (sha256) => named.get(sha256) ?? null, guessed: (from) => void guesses.push(`code ${from}`),
  post: async (to, code) => {
    if (posted.switchedOff) throw new ProblemError({ code: 'codes-switched-off' })
    posted.mails.push({ to, code })
    return posted.problem
  }
})
const fakeConsole = {
  namedToken: (sha256: string) => named.get(sha256) ?? null,
  secondFactor,
  guessed: (from: string, what: string) => void guesses.push(`${what} ${from}`),
  answer: async (name: string, input: unknown, context: CallContext) => {
    asked.push({ name, input, context })
    if (name === 'requests.entry') return (input as { id: number }).id === 5 ? { ok: true as const, value: { html: '<p>Hi <img src="https://example.com/a.png"></p>' } } : { ok: false as const, problem: { code: 'not-found' as const, what: 'request' as const, name: '6', nearest: null } }
    if (name === 'crash') throw new Error('bug')
    return { ok: true as const, value: name }
  },
  health: async () => ({ alive: true as const, working: true, at: '', reasons: [], servers: [] }),
  receive: (id: string, announcement: unknown) => {
    if (id === 'known') received.push(announcement)
    return id === 'known'
  },
  subscribe: (listener: EventListener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-web-'))
  mkdirSync(join(folder, 'pages', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'outside')
  writeFileSync(join(folder, 'pages', 'index.html'), '<meta property="csp-nonce" nonce="MAILROOM-NONCE">')
  writeFileSync(join(folder, 'pages', 'assets', 'index-AbCd1234.js'), 'export {}')
  host = await createWebHost({ console: fakeConsole, pages: join(folder, 'pages'), host: '127.0.0.1', port: 0, log: silentLog })
  url = new URL(host.url)
})
after(async () => {
  await host.close()
  rmSync(folder, { recursive: true })
})

/** Sends `path` as it is: fetch would tidy it up. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = ask({ host: '127.0.0.1', port: url.port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }))
    })
    request.on('error', reject)
    request.end(body)
  })
}
async function signedIn(link: string = host.url): Promise<{ cookie: string }> {
  const answer = await send('GET', `/${new URL(link).search}`)
  return { cookie: (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '' }
}
const json = { 'content-type': 'application/json' }
const aCall = JSON.stringify({ name: 'incoming.list', input: {} })

test('the token becomes a strict cookie and leaves the address', async () => {
  const answer = await send('GET', `/${url.search}`)
  assert.equal(answer.status, 303)
  assert.equal(answer.headers.location, '/')
  assert.match(answer.headers['set-cookie']?.[0] ?? '', /^mailroom-\d+=[\w-]{40,}; HttpOnly; SameSite=Strict; Path=\/$/)
  assert.ok(!(answer.headers['set-cookie']?.[0] ?? '').includes(url.searchParams.get('token') ?? ''))
})

test('a link on another site still signs in', async () => {
  const answer = await send('GET', `/${url.search}`, { 'sec-fetch-site': 'cross-site' })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.refresh, '0; url=/')
})

for (const [what, path, cookie] of [
  ['no token', '/', ''], ['a wrong token', '/?token=wrong', ''], ['an empty token', '/?token=', ''], ['a wrong cookie', '/', 'mailroom=x'], ['no cookie for a file', '/assets/index-AbCd1234.js', '']
] as const)
  test(`${what} shows words and nothing else`, async () => {
    const answer = await send('GET', path, cookie === '' ? {} : { cookie })
    assert.ok(answer.status === 401 || answer.status === 403, String(answer.status))
    assert.match(answer.body, /<h1>.+<\/h1><p>.+link.+<\/p>/)
    assert.equal(answer.headers['set-cookie'], undefined)
  })

test('the page has a fresh nonce in it and in its policy', async () => {
  const cookie = await signedIn()
  const pages = [await send('GET', '/', cookie), await send('GET', '/', cookie)]
  const nonces = pages.map((page) => /nonce="([^"]+)"/.exec(page.body)?.[1])
  assert.notEqual(nonces[0], nonces[1])
  pages.forEach((page, index) => assert.ok(page.headers['content-security-policy']?.includes(`'nonce-${nonces[index]}'`)))
  assert.match(String(pages[0]?.headers['content-security-policy']), /default-src 'none'; script-src 'self';/)
  assert.equal(pages[0]?.headers['x-content-type-options'], 'nosniff')
  assert.equal(pages[0]?.headers['cache-control'], 'no-store')
})

test('files of the page are served, others not', async () => {
  const cookie = await signedIn()
  assert.equal((await send('GET', '/assets/index-AbCd1234.js', cookie)).body, 'export {}')
  for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/assets/..%5c..%5csecret.txt', '//../secret.txt', '/missing.js', 'http://127.0.0.1/../secret.txt']) {
    const answer = await send('GET', path, cookie)
    assert.doesNotMatch(answer.body, /outside/, path)
  }
  assert.equal((await send('GET', '/..%2fsecret.txt', cookie)).status, 404)
})

test('a name that only resolves here is refused (DNS rebinding)', async () => {
  const cookie = await signedIn()
  for (const name of ['evil.example', `evil.example:${url.port}`, '127.0.0.1.evil.example', 'a b'])
    assert.equal((await send('POST', '/call', { ...cookie, ...json, host: name }, aCall)).status, 421, name)
  for (const name of [`localhost:${url.port}`, `127.0.0.1:${url.port}`, `[::1]:${url.port}`])
    assert.equal((await send('POST', '/call', { ...cookie, ...json, host: name }, aCall)).status, 200, name)
})

test('a call from another page is refused', async () => {
  const cookie = await signedIn()
  const before = asked.length
  for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${url.port}`, 'http://127.0.0.1:1'])
    assert.equal((await send('POST', '/call', { ...cookie, ...json, origin }, aCall)).status, 403, origin)
  assert.equal((await send('POST', '/call', { ...cookie, ...json, 'sec-fetch-site': 'same-site' }, aCall)).status, 403)
  assert.equal((await send('GET', '/events', { ...cookie, origin: 'http://evil.example' })).status, 403)
  assert.equal(asked.length, before)
  assert.equal((await send('POST', '/call', { ...cookie, ...json, origin: url.origin }, aCall)).status, 200)
})

for (const [link, role] of [['url', 'administrator'], ['supportUrl', 'support']] as const)
  test(`the ${link} gives the role ${role}`, async () => {
    const answer = await send('POST', '/call', { ...(await signedIn(host[link])), ...json }, aCall)
    assert.deepEqual(JSON.parse(answer.body), { ok: true, value: 'incoming.list' })
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.deepEqual(asked.at(-1), { name: 'incoming.list', input: {}, context: { role, who: `${role} in a browser` } })
  })

const badCalls: [string, string, Record<string, string>, string, number][] = [
  ['wrong method', 'GET', json, '', 405], ['DELETE on a page', 'DELETE', json, '', 405],
  ['a form', 'POST', { 'content-type': 'text/plain' }, aCall, 415], ['no type', 'POST', {}, aCall, 415],
  ['no JSON', 'POST', json, '{', 400], ['no name', 'POST', json, '{"input":{}}', 400], ['more than a name', 'POST', json, '{"name":"a","input":{},"role":"administrator"}', 400],
  ['a length beyond the limit', 'POST', { ...json, 'content-length': '99000000' }, '', 413]
]
for (const [what, method, headers, body, status] of badCalls)
  test(`${what} is refused with ${status}`, async () => {
    const cookie = await signedIn()
    assert.equal((await send(method, what.includes('page') ? '/' : '/call', { ...cookie, ...headers }, body)).status, status)
  })

test('a bug inside leaves as words with a reference, and the host goes on', async () => {
  const cookie = await signedIn()
  const answer = await send('POST', '/call', { ...cookie, ...json }, JSON.stringify({ name: 'crash', input: {} }))
  assert.equal(answer.status, 500)
  assert.match(answer.body, /reference [0-9A-Z]{8}/)
  assert.doesNotMatch(answer.body, /bug|at /)
  assert.equal((await send('POST', '/call', { ...cookie, ...json }, aCall)).status, 200)
})

test('announcements arrive as they happen', async () => {
  const cookie = await signedIn()
  const answer = await fetch(`${url.origin}/events`, { headers: cookie })
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('retry')) text += (await reader?.read())?.value ?? ''
  announce('requests-changed', { newest: 7 })
  while (!text.includes('data:')) text += (await reader?.read())?.value ?? ''
  assert.match(text, /data: \{"name":"requests-changed","detail":\{"newest":7\}\}\n\n/)
  await reader?.cancel()
})

test('the steps of a sign-in are heard by administrators alone', async () => {
  const heard = async (link: string): Promise<string> => {
    const answer = await fetch(`${url.origin}/events`, { headers: await signedIn(link) })
    const reader = (answer.body ?? assert.fail('no stream')).pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('retry')) text += (await reader.read()).value ?? ''
    announce('sign-in-step-happened', { workId: 'sign-in-1', step: { kind: 'waiting' } as never })
    announce('requests-changed', { newest: 9 })
    while (!text.includes('"newest":9')) text += (await reader.read()).value ?? ''
    await reader.cancel()
    return text
  }
  assert.match(await heard(host.url), /sign-in-step-happened/)
  assert.doesNotMatch(await heard(host.supportUrl), /sign-in-step-happened/)
})

test('a message with remote pictures is a document that can run nothing', async () => {
  const cookie = await signedIn(host.supportUrl)
  const answer = await send('GET', '/mail/5', cookie)
  assert.match(answer.body, /<p>Hi <img src="https:\/\/example\.com\/a\.png"><\/p>/)
  assert.match(String(answer.headers['content-security-policy']), /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: https: http:/)
  assert.deepEqual(asked.at(-1), { name: 'requests.entry', input: { id: 5, remoteContent: true }, context: { role: 'support', who: 'support in a browser' } })
  assert.equal((await send('GET', '/mail/6', cookie)).status, 404)
  assert.equal((await send('GET', '/mail/5')).status, 401)
  for (const path of ['/mail/0', '/mail/-1', '/mail/5/..', '/mail/', '/mail/5x']) assert.equal((await send('GET', path, cookie)).status, 404, path)
})

test('a port that is taken is a problem in words', async () => {
  const taken = createWebHost({ console: fakeConsole, pages: folder, host: '127.0.0.1', port: Number(url.port), log: silentLog })
  await assert.rejects(taken, (error: { problem?: { code?: string } }) => error.problem?.code === 'invalid-input')
})

test('a provider announces at an address that is known, under any host name and without a cookie; it reaches nothing else', async () => {
  const json = { host: 'mailroom.example.com', 'content-type': 'application/json' }
  const handshake = await send('POST', '/announcements/known?validationToken=a%20%3Cb%3E', { host: 'mailroom.example.com' })
  assert.deepEqual([handshake.status, handshake.body, handshake.headers['content-type'], handshake.headers['x-content-type-options']], [200, 'a <b>', 'text/plain; charset=utf-8', 'nosniff'])
  assert.equal((await send('POST', '/announcements/known', json, '{"value":[1]}')).status, 202)
  assert.deepEqual(received, [{ value: [1] }])
  assert.equal((await send('POST', '/announcements/unknown', json, '{}')).status, 404)
  assert.equal((await send('POST', '/announcements/known', json, 'no json')).status, 400)
  assert.equal((await send('POST', '/announcements/known', json, JSON.stringify('x'.repeat(1_100_000)))).status, 413)
  assert.equal((await send('GET', '/announcements/known', json)).status, 405)
  assert.equal((await send('POST', '/call', json, '{}')).status, 421)
})

const tokenNamed = (name: string, role: 'administrator' | 'support', secondFactor: string | null = null): string => {
  const token = `${name}-token`
  named.set(createHash('sha256').update(token).digest('hex'), { name, role, secondFactor })
  return token
}

test('a named token opens a session under its name', async () => {
  const session = await signedIn(`http://mailroom/?token=${tokenNamed('monitor', 'support')}`)
  asked.length = 0
  assert.equal((await send('POST', '/call', { ...json, ...session }, aCall)).status, 200)
  assert.deepEqual(asked[0]?.context, { role: 'support', who: 'monitor (browser)' })
})

test('a revoked token ends its sessions and its event stream at once', async () => {
  const session = await signedIn(`http://mailroom/?token=${tokenNamed('leaver', 'administrator')}`)
  const stream = await fetch(new URL('/events', url), { headers: session })
  const reader = (stream.body ?? assert.fail('no stream')).getReader()
  await reader.read()
  named.clear()
  announce('access-changed', {})
  await assert.rejects(async () => { while (!(await reader.read()).done); })
  assert.equal((await send('POST', '/call', { ...json, ...session }, aCall)).status, 401)
})

test('signing out ends the event streams of the session, and no other', async () => {
  const [leaving, staying] = [await signedIn(), await signedIn()]
  const read = async (session: Record<string, string>) => {
    const reader = ((await fetch(new URL('/events', url), { headers: session })).body ?? assert.fail('no stream')).getReader()
    await reader.read()
    return reader
  }
  const [ended, open] = [await read(leaving), await read(staying)]
  assert.equal((await send('POST', '/sign-out', leaving)).status, 200)
  announce('requests-changed', { newest: 8 })
  await assert.rejects(async () => { while (!(await ended.read()).done); })
  assert.match(new TextDecoder().decode((await open.read()).value), /"newest":8/)
  await open.cancel()
})

for (const [header, role] of [
  [() => `Bearer ${url.searchParams.get('token')}`, 'administrator'], [() => `bearer ${tokenNamed('prometheus', 'support')}`, 'support'], [() => `Bearer ${tokenNamed('robot', 'administrator')}`, 'administrator'],
  [() => 'Bearer wrong', null], [() => 'Bearer ', null], [() => `Basic ${tokenNamed('monitor', 'support')}`, null], [() => undefined, null]
] satisfies [() => string | undefined, string | null][])
  test(`${role ?? 'nobody'} is known by a bearer token`, () => {
    const authorization = header()
    assert.equal(roleOfBearer({ headers: authorization === undefined ? {} : { authorization } }, { holderOfToken: startedOrNamed }), role)
  })

const startedOrNamed: Tokens['holderOfToken'] = (token) => (token === url.searchParams.get('token') ? { role: 'administrator', who: 'a' } : createTokens(fakeConsole.namedToken).holderOfToken(token))

/** Opens the link of a token with a second step; `cookie` is that of the sign-in that waits for its code. */
async function begun(name: string): Promise<{ cookie: string }> {
  const answer = await send('GET', `/?token=${tokenNamed(name, 'support', 'ann@example.com')}`)
  assert.deepEqual([answer.status, answer.headers.location], [303, '/sign-in'])
  return { cookie: (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '' }
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const enter = (waiting: { cookie: string }, code: string) => send('POST', '/sign-in', { ...form, ...waiting }, new URLSearchParams({ code }).toString())
const lastCode = (): string => posted.mails.at(-1)?.code ?? ''

test('a token with a second step opens a session with the code that was mailed, and nothing before', async () => {
  const waiting = await begun('ann')
  assert.equal((await send('GET', '/', waiting)).status, 401)
  assert.equal((await send('POST', '/call', { ...json, ...waiting }, aCall)).status, 401)
  const page = await send('GET', '/sign-in', waiting)
  assert.equal(page.status, 200)
  assert.match(page.body, /A code was sent to a…@example\.com\. It holds for half an hour; 5 tries left\./)
  assert.match(page.body, /<main><div class="brand"><svg.*Mailroom<\/div><h1>Enter the code<\/h1>/)
  assert.equal(String(page.headers['content-security-policy']).match(/'nonce-([^']+)'/)?.[1], page.body.match(/<style nonce="([^"]+)">/)?.[1])
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'.*form-action 'self'/)
  assert.equal(page.headers['referrer-policy'], 'same-origin')
  assert.deepEqual([posted.mails.length, posted.mails.at(-1)?.to], [1, 'ann@example.com'])
  await send('GET', '/sign-in', waiting)
  assert.equal(posted.mails.length, 1)
  const wrong = await enter(waiting, '99999999')
  assert.deepEqual([wrong.status, wrong.headers['set-cookie'], /That is not the code.*4 tries left/.test(wrong.body)], [403, undefined, true])
  const right = await enter(waiting, lastCode())
  assert.deepEqual([right.status, right.headers.location], [303, '/'])
  const cookies = right.headers['set-cookie'] ?? []
  assert.match(cookies[0] ?? '', /; HttpOnly; SameSite=Strict; Path=\/$/)
  const session = { cookie: (cookies[0] ?? '').split(';')[0] ?? '' }
  asked.length = 0
  assert.equal((await send('POST', '/call', { ...json, ...session }, aCall)).status, 200)
  assert.deepEqual(asked[0]?.context, { role: 'support', who: 'ann (browser)' })
  assert.equal((await enter(waiting, lastCode())).status, 401)
})

test('five wrong codes end a code, a new one comes after a minute and is asked for', async () => {
  const waiting = await begun('bob')
  await send('GET', '/sign-in', waiting)
  const first = lastCode()
  guesses.length = 0
  for (let turn = 0; turn < 5; turn++) assert.equal((await enter(waiting, '99999999')).status, 403)
  assert.deepEqual(new Set(guesses), new Set(['code 127.0.0.1']))
  assert.equal(guesses.length, 5)
  assert.equal((await enter(waiting, first)).status, 403)
  const sent = posted.mails.length
  const again = () => send('POST', '/sign-in', { ...form, ...waiting }, 'again=1')
  assert.match((await again()).body, /A code was sent just now/)
  assert.equal(posted.mails.length, sent)
  time.now += 60_000
  assert.equal((await again()).status, 200)
  assert.equal(posted.mails.length, sent + 1)
  assert.equal((await enter(waiting, first)).status, 403)
  assert.equal((await enter(waiting, lastCode())).status, 303)
})

test('a code is over after half an hour, and so is the sign-in of a token that is revoked', async () => {
  const waiting = await begun('cy')
  await send('GET', '/sign-in', waiting)
  time.now += 30 * 60_000
  assert.match((await enter(waiting, lastCode())).body, /not valid any more/)
  named.delete(createHash('sha256').update('cy-token').digest('hex'))
  assert.equal((await enter(waiting, lastCode())).status, 401)
})

test('what is in the way of the mail is said, with the way out', async () => {
  posted.problem = { code: 'no-outgoing-server' }
  const page = await send('GET', '/sign-in', await begun('di'))
  posted.problem = null
  assert.match(page.body, /not sent yet/)
  assert.match(page.body, /role="alert"/)
  assert.match(page.body, /link that it printed at its start/)
  posted.switchedOff = true
  const off = await send('GET', '/sign-in', await begun('ed'))
  posted.switchedOff = false
  assert.equal(off.status, 403)
  assert.match(off.body, /Mail with codes is switched off.*mailroom access add/s)
  assert.doesNotMatch(off.body, /name="code"/)
})

test('without a right token the second step says nothing, and forms of other pages are not heard', async () => {
  const sent = posted.mails.length
  for (const cookie of ['', `mailroom-${url.port}-code=${'x'.repeat(43)}`]) {
    assert.equal((await send('GET', '/sign-in', { cookie })).status, 401)
    assert.equal((await enter({ cookie }, '10000000')).status, 401)
  }
  const waiting = await begun('flo')
  assert.equal((await send('POST', '/sign-in', { ...form, ...waiting, origin: 'https://evil.example' }, 'again=1')).status, 403)
  assert.equal((await send('POST', '/sign-in', { ...json, ...waiting }, '{}')).status, 400)
  assert.equal((await send('POST', '/sign-in', { ...form, ...waiting }, `code=${'1'.repeat(3_000)}`)).status, 400)
  assert.equal((await send('DELETE', '/sign-in', waiting)).status, 405)
  assert.equal(posted.mails.length, sent)
})

test('programs cannot use a token with a second step, which is no guess; wrong tokens are', async () => {
  guesses.length = 0
  const token = tokenNamed('gil', 'administrator', 'gil@example.com')
  assert.equal((await send('GET', '/metrics', { authorization: `Bearer ${token}` })).status, 401)
  assert.deepEqual(guesses, [])
  assert.equal((await send('GET', '/metrics', { authorization: 'Bearer wrong' })).status, 401)
  assert.equal((await send('GET', '/?token=wrong')).status, 403)
  assert.deepEqual(guesses, ['token 127.0.0.1', 'token 127.0.0.1'])
})
