import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium, type Page } from 'playwright'
import { SMTPServer } from 'smtp-server'
import { canariesBelow, canariesIn, type Canaries } from '../testbed/canaries.ts'
import { testCertificates } from '../testbed/certificates.ts'
import { dovecotMissing, startDovecot } from '../testbed/dovecot.ts'
import { startEntraAuthority } from '../testbed/entra-authority.ts'
import { startGraphServer } from '../testbed/graph-server.ts'
import { readZip } from '../testbed/read-zip.ts'
import { startScriptedServer } from '../testbed/scripted-server.ts'
import { startTestProxy } from '../testbed/test-proxy.ts'
import { chromiumMissing, flags, systemChromium } from './open-chromium.ts'
import { program } from './start-headless.ts'

const secrets: Canaries = {
  password: 'cAnaryPass+7Qx/word=41', 'password typed in the page': 'cAnaryTyped+5Rz/word=92', 'client secret': 'cAnary~client-Secret_83', 'proxy password': 'cAnaryProxy+pAss/29', passphrase: 'cAnary passphrase of the vault 57'
}
const mail: Canaries = { 'text of a mail': 'cAnary text of the body, number 64', 'text of an attachment': 'cAnary text of the attachment, number 38' }
const message = (id: string, from: string): string => [
  `${from}To: it@example.com`, `Subject: Canary ${id}`, `Message-ID: <${id}@canary.example>`, 'Date: Sat, 21 Nov 2026 08:00:00 +0000', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
  '--b', 'Content-Type: text/plain', '', `Hello, ${mail['text of a mail']}`, '--b', 'Content-Type: text/plain; name=notes.txt', 'Content-Disposition: attachment; filename=notes.txt', '', `${mail['text of an attachment']}`, '--b--', ''
].join('\r\n')

const folder = mkdtempSync(join(tmpdir(), 'mailroom-canary-'))
const [data, work, profile] = ['data', 'work', 'profile'].map((name) => join(folder, name)) as [string, string, string]
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** Throws an error that carries secrets, from outside of every promise, when it is told to: a crash as a bug would make it. */
const crash = `process.on('SIGUSR2', () => setImmediate(() => { throw Object.assign(new Error('crashed on purpose: password=${secrets.password} {"client_secret":"${secrets['client secret']}"}'), { auth: { pass: '${secrets.password}' } }) }))`

test('secrets and the text of mail are found nowhere but, decrypted, in the bundle that asked for it', { skip: chromiumMissing() ?? dovecotMissing() ?? false, timeout: 180_000 }, async (context) => {
  for (const path of [data, work, profile]) mkdirSync(path)
  const world = await openWorld()
  context.after(world.stop)
  writeFileSync(join(work, 'crash.mjs'), crash)
  const host = startHost()
  context.after(() => host.child.kill('SIGKILL'))
  const url = await host.url()
  const call = await signedIn(url)
  let answers = ''
  const ask = async (name: string, input: object): Promise<unknown> => {
    const answer = await call(name, input)
    answers += JSON.stringify(answer)
    return (answer as { value?: unknown }).value
  }
  const workId = (): string => Math.random().toString(36).slice(2).padEnd(10, 'x')

  await ask('vault.create', { passphrase: secrets.passphrase })
  await ask('configuration.import', { yaml: world.yaml, replace: false })
  for (const server of ['it', 'echo', 'out', 'proxied', 'out-echo']) await ask('secret.set', { server, secret: secrets.password })
  await ask('secret.set', { server: 'hr', secret: secrets['client secret'] })
  await ask('secret.set', { server: 'proxied', purpose: 'proxy', secret: secrets['proxy password'] })
  world.deliver(message('good', 'From: Ann <ann@canary.example>\r\n'), message('bad', ''))
  const counts: unknown[] = []
  for (const name of ['it', 'echo', 'proxied', 'hr']) {
    await ask('incoming.test', { name, workId: workId() })
    counts.push(await ask('incoming.fetch', { name, workId: workId() }))
  }
  assert.partialDeepStrictEqual(counts[0], { fetched: 2, requests: 1, errors: 1 })
  for (const name of ['out', 'out-echo']) {
    await ask('outgoing.test', { name, workId: workId() })
    await ask('outgoing.send', { name, mail: { to: ['ann@canary.example'], subject: 'Canary', text: 'Hello' }, workId: workId() })
  }
  for (const name of ['it', 'echo', 'proxied', 'hr']) await ask('incoming.transcript', { name })
  for (const name of ['out', 'out-echo']) await ask('outgoing.transcript', { name })
  for (const [name, input] of [['configuration.export', {}], ['history.list', {}], ['secret.list', {}], ['incoming.list', {}], ['outgoing.list', {}], ['notices.list', {}], ['settings.get', {}], ['outbox.list', {}], ['ledger.list', {}], ['status.get', {}]] as const) await ask(name, input)
  const tokens = Object.fromEntries([...world.tokens].map((token, index) => [`token ${index + 1}`, token]))
  assert.ok(Object.keys(tokens).length > 0 && world.heardPassword(), 'the canaries never went out')

  const bundle = async (redact: boolean): Promise<Map<string, Buffer>> => {
    const { downloadId } = (await ask('errors.export', { server: null, redact, workId: workId() })) as { downloadId: string }
    const pieces: Buffer[] = []
    for (;;) {
      const answer = (await call('download.next', { downloadId })) as { value: { base64: string; done: boolean } }
      pieces.push(Buffer.from(answer.value.base64, 'base64'))
      if (answer.value.done) return readZip(Buffer.concat(pieces))
    }
  }
  const everySecret = { ...secrets, ...tokens }
  const found = (bundleOf: Map<string, Buffer>, canaries: Canaries): string[] => [...bundleOf].flatMap(([name, bytes]) => canariesIn(bytes, canaries).map((one) => `${name}: ${one}`))
  const [open, redacted] = [await bundle(false), await bundle(true)]
  assert.deepEqual(found(open, everySecret), [], 'secrets in the bundle')
  assert.deepEqual(found(redacted, everySecret), [], 'secrets in the redacted bundle')
  assert.ok(found(open, mail).length > 0, 'the bundle that asked for the mail holds it')

  const { heaps, storage } = await throughThePage(url, world.port)
  for (const [when, heap] of Object.entries(heaps)) {
    assert.ok(heap.includes('Mailroom'), 'the heap was not read')
    assert.deepEqual(canariesIn(heap, { ...everySecret, ...mail }), [], `heap snapshot, ${when}`)
  }
  assert.deepEqual(canariesIn(storage, { ...everySecret, ...mail }), [], 'localStorage, sessionStorage, IndexedDB')

  const processes = childrenOf(host.child.pid ?? 0)
  for (const { id, commandLine, environment } of processes) assert.deepEqual(canariesIn(`${commandLine}\0${environment}`, everySecret), [], `process ${id}`)
  host.child.kill('SIGUSR2')
  const [status] = (await once(host.child, 'exit')) as [number | null]
  assert.equal(status, 1)
  const log = readFileSync(join(data, 'logs', 'mailroom.log'), 'utf8')
  assert.match(log, /crashed on purpose/)

  assert.deepEqual(canariesIn(answers, everySecret), [], 'answers of calls, transcripts and problems among them')
  assert.deepEqual(canariesIn(host.said(), { ...everySecret, ...mail }), [], 'stdout and stderr')
  assert.deepEqual(canariesBelow(data, { ...everySecret, ...mail }), [], 'the data folder')
  assert.deepEqual(canariesBelow(profile, { ...everySecret, ...mail }), [], 'the profile of the browser')
  assert.deepEqual(readdirSync(work).filter((name) => name !== 'crash.mjs'), [], 'dumps and reports in the working folder')
})

function startHost() {
  const child: ChildProcess = spawn(process.execPath, ['--import', join(work, 'crash.mjs'), program, 'serve', '--data', data], { cwd: work, env: { PATH: process.env['PATH'], HOME: work, DBUS_SESSION_BUS_ADDRESS: '' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (said += chunk))
  const url = async (): Promise<string> => {
    for (let tries = 0; tries < 300; tries++) {
      const found = /"url":"([^"]+)"/.exec(said)?.[1]
      if (found !== undefined) return found
      if (child.exitCode !== null) throw new Error(said)
      await wait(100)
    }
    throw new Error(`no address: ${said}`)
  }
  return { child, said: () => said, url }
}

async function signedIn(url: string): Promise<(name: string, input: object) => Promise<unknown>> {
  const response = await fetch(url, { redirect: 'manual' })
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { origin } = new URL(url)
  return async (name, input) => (await fetch(`${origin}/call`, { method: 'POST', headers: { 'content-type': 'application/json', origin, cookie }, body: JSON.stringify({ name, input }) })).json()
}

async function openWorld() {
  const tokens = new Set<string>()
  const heard = { password: false }
  const dovecot = await startDovecot({ password: secrets.password ?? '' })
  const entra = await startEntraAuthority({ app: { roles: ['Mail.ReadWrite', 'Mail.Send'], secrets: [{ value: secrets['client secret'] ?? '', expiresAt: Date.now() + 86_400_000 }] } })
  const graph = await startGraphServer({
    bearer(token) {
      tokens.add(token)
      return entra.tokenIs(token) === null ? null : { app: entra.app.clientId, user: '*', rights: ['Mail.ReadWrite', 'Mail.Send'] }
    }
  })
  const said = `NO [AUTHENTICATIONFAILED] user it with ${secrets.password} (${Buffer.from(`\0it\0${secrets.password}`).toString('base64')}) is not known`
  const echo = await startScriptedServer([{ line: '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready' }, { expect: /AUTHENTICATE|LOGIN/ }, { line: `\${tag} ${said}` }, { silence: true }])
  const smtp = (refuses: boolean) => {
    const server = new SMTPServer({
      name: 'localhost', logger: false, disableReverseLookup: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        heard.password ||= password === secrets.password
        if (refuses) done(Object.assign(new Error(`${username} with ${password} is not known`), { responseCode: 535 }))
        else done(null, { user: username ?? '' })
      },
      onData: (stream, _session, done) => void stream.on('end', () => done(null)).resume()
    })
    server.on('error', () => undefined)
    return new Promise<{ port: number; stop: () => Promise<void> }>((resolve) => server.listen(0, '127.0.0.1', () => resolve({ port: (server.server.address() as AddressInfo).port, stop: () => new Promise((done) => server.close(() => done())) })))
  }
  const [out, outEcho, proxy] = [await smtp(false), await smtp(true), await startTestProxy('socks5')]
  const { caFile } = { caFile: testCertificates().ca.certFile }
  const common = 'security: none, push: false, debug: true, enabled: false'
  const yaml = `version: 1
partitions: [{ name: IT, default: true, outgoing: out }]
incoming:
  - { name: it, partition: IT, protocol: imap, host: 127.0.0.1, port: ${dovecot.ports.imap}, ${common}, auth: { method: password, user: it, secret: keychain }, errorFolder: { enabled: true, name: Errors, notify: true } }
  - { name: echo, partition: IT, protocol: imap, host: 127.0.0.1, port: ${echo.port}, ${common}, auth: { method: password, user: it, secret: keychain } }
  - { name: proxied, partition: IT, protocol: imap, host: 127.0.0.1, port: ${dovecot.ports.imap}, ${common}, auth: { method: password, user: other, secret: keychain }, proxy: "${proxy.url.replace('://', '://ann@')}", proxySecret: keychain }
  - { name: hr, partition: IT, protocol: graph, endpoint: "https://localhost:${graph.port}", mailbox: hr@example.com, auth: { method: oauth2, provider: microsoft, flow: client-credentials, authority: "${entra.url}", tenant: ${entra.tenant}, clientId: ${entra.app.clientId}, secret: keychain }, push: false, debug: true, tls: { caFile: "${caFile}" } }
outgoing:
  - { name: out, protocol: smtp, host: 127.0.0.1, port: ${out.port}, security: none, debug: true, replyTo: it@example.com, auth: { method: password, user: it, secret: keychain } }
  - { name: out-echo, protocol: smtp, host: 127.0.0.1, port: ${outEcho.port}, security: none, debug: true, replyTo: it@example.com, auth: { method: password, user: it, secret: keychain } }
`
  return {
    yaml, tokens, port: dovecot.ports.imap, heardPassword: () => heard.password,
    deliver: (...raws: string[]) => {
      for (const raw of raws) dovecot.deliver('it', raw)
      graph.deliver('hr@example.com', message('graph', 'From: Ben <ben@canary.example>\r\n'))
    },
    stop: async () => void (await Promise.all([dovecot.stop(), entra.close(), graph.stop(), echo.stop(), out.stop(), outEcho.stop(), proxy.stop()]))
  }
}

/** A password is typed into a server's form and saved, a request is opened and left: what the page still holds then, in its heap and on disk. */
async function throughThePage(url: string, port: number): Promise<{ heaps: Record<string, Buffer>; storage: string }> {
  const browser = await chromium.launchPersistentContext(profile, { executablePath: systemChromium, args: flags, viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  try {
    return await lookIntoThePage(await browser.newPage(), url, port)
  } finally {
    await browser.close()
  }
}

async function lookIntoThePage(page: Page, url: string, port: number): Promise<{ heaps: Record<string, Buffer>; storage: string }> {
  page.setDefaultTimeout(15_000)
  await page.goto(`${url}#/email-settings`)
  const heaps: Record<string, Buffer> = {}
  await page.getByRole('region', { name: 'Incoming servers' }).getByRole('button', { name: 'Add' }).click()
  await page.getByRole('menuitem', { name: 'IMAP' }).click()
  const dialog = page.getByRole('dialog', { name: /incoming server/i })
  await dialog.getByLabel('Name', { exact: true }).fill('typed')
  await dialog.getByLabel('Server', { exact: true }).fill('127.0.0.1')
  await dialog.getByRole('combobox', { name: /Security/ }).click()
  await page.getByRole('option', { name: /None/ }).click()
  await dialog.getByLabel('Port', { exact: true }).fill(String(port))
  await dialog.getByLabel('User name', { exact: true }).fill('it')
  await dialog.getByLabel('Password', { exact: true }).pressSequentially(secrets['password typed in the page'] ?? '')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.getByText(/saved, but the connection failed/).waitFor()
  heaps['server saved'] = await heapAtRest(page)
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  heaps['server left'] = await heapAtRest(page)
  await page.goto(`${url.split('?')[0]}#/requests`)
  await page.getByRole('grid', { name: 'Requests' }).getByText('Canary good').first().click()
  await page.getByRole('region', { name: /^Request \d+$/ }).getByText(mail['text of a mail'] ?? '').first().waitFor()
  await page.goto(`${url.split('?')[0]}#/email-settings`)
  await page.getByRole('region', { name: 'Incoming servers' }).waitFor()
  heaps['no message open'] = await heapAtRest(page)
  const storage = await page.evaluate(async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, (await indexedDB.databases()).map(({ name }) => name), await caches.keys()]))
  return { heaps, storage }
}

/** What a page keeps: what it has only just sent or shown is let go of a moment later, so a find has to stand for five seconds. */
async function heapAtRest(page: Page): Promise<Buffer> {
  for (let tries = 0; ; tries++) {
    const heap = await heapOf(page)
    if (tries === 5 || canariesIn(heap, { ...secrets, ...mail }).length === 0) return heap
    await wait(1_000)
  }
}

/** https://chromedevtools.github.io/devtools-protocol/tot/HeapProfiler/ */
async function heapOf(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  const whole = chunks.join('')
  // Every text of the heap stands in the last table; the numbers before it are most of the snapshot.
  return Buffer.from(whole.slice(whole.lastIndexOf('"strings":[')))
}

/** The process and everything that it started. */
function childrenOf(root: number): { id: number; commandLine: string; environment: string }[] {
  const read = (id: number, what: string): string => {
    try {
      return readFileSync(`/proc/${id}/${what}`, 'utf8')
    } catch {
      return ''
    }
  }
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => ({ id: Number(name), parent: Number(/^PPid:\s+(\d+)/m.exec(read(Number(name), 'status'))?.[1] ?? 0) }))
  const family = new Set([root])
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const { id, parent } of parents) if (family.has(parent)) family.add(id)
  }
  return [...family].map((id) => ({ id, commandLine: read(id, 'cmdline'), environment: read(id, 'environ') }))
}
