import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Role } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ConversationEntry } from '#contract/request.ts'
import type { CallContext, MailroomConsole } from '../console.ts'
import type { Log } from '../log/create-log.ts'
import { newReference, reportProblem } from '../log/report-problem.ts'
import { mailDocument, mailEntryOf, mailPolicy } from '../model/mail-document.ts'
import { answerInWords, answerWith, answerWithJson } from './answer-with.ts'
import { hostIsOurs, originIsOurs } from './check-request.ts'
import { createEventStream } from './event-stream.ts'
import { createPageFiles } from './page-files.ts'
import { pushPath } from './push-desk.ts'
import { readCall } from './read-json.ts'
import { takeAnnouncement } from './take-announcement.ts'
import { createWebServer, type HostTls } from './web-server.ts'
import { bearerOf, roleOfBearer } from './role-of-bearer.ts'
import { createSecondStep, secondStepPath } from './second-step.ts'
import { answerWatcher, watchedPaths } from './watching.ts'
import { cookieOf, createTokens } from './tokens.ts'

type WebNeeds = {
  console: Pick<MailroomConsole, 'answer' | 'health' | 'subscribe' | 'receive' | 'namedToken' | 'secondFactor' | 'guessed'>
  /** Folder of the built page. */
  pages: string
  host: string
  /** 0 takes a free one. */
  port: number
  /** null: plain HTTP, for loopback or behind a proxy that speaks TLS. */
  tls?: HostTls | null
  /** The name under which browsers come, where it is not the address that is listened on. */
  publicName?: string | null
  log: Log
}

/** `url` opens the console as administrator, `supportUrl` as support; who has neither sees nothing. */
export type WebHost = { url: string; supportUrl: string; close(): Promise<void> }

/** The largest call: a message of 60 MB in base64 with its envelope. */
const bodyLimit = 81_000_000

/** Serves the console to a browser. Throws ProblemError `invalid-input` where host and port cannot be listened on. */
export async function createWebHost({ console: core, pages, host, port, log, tls = null, publicName = null }: WebNeeds): Promise<WebHost> {
  const tokens = createTokens(core.namedToken)
  const events = createEventStream(core.subscribe)
  const servePage = createPageFiles(pages)
  const scheme = tls === null ? 'http' : 'https'
  // Under a name of its own, a proxy in front may speak TLS.
  const schemes = publicName !== null && tls === null ? (['http', 'https'] as const) : ([scheme] as const)
  const server = await createWebServer(tls, (request, response) => {
    if (tls !== null) response.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains')
    respond(request, response).catch((error: unknown) => {
      const reference = newReference()
      reportProblem(log, reference, 'web request', error)
      if (response.headersSent) response.destroy()
      else answerInWords(response, 500, 'Something unexpected happened.', `The log holds the details under the reference ${reference}.`)
    })
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://mailroom${request.url?.startsWith('/') === true ? request.url : '/'}`)
    // A provider comes from outside, under the public name, and has no cookie; only an address that nobody can guess is heard.
    if (url.pathname.startsWith(pushPath)) return takeAnnouncement(url.pathname.slice(pushPath.length), url, core.receive, request, response)
    if (!hostIsOurs(request.headers, publicName ?? host)) return answerInWords(response, 421, 'This address is not served here.', 'Open the console under the address that Mailroom printed.')
    if (!originIsOurs(request.headers, schemes) && request.method !== 'GET') return answerInWords(response, 403, 'The call came from another page.', 'Open the console under the address that Mailroom printed.')
    const token = url.searchParams.get('token')
    if (token !== null && url.pathname === '/' && request.method === 'GET') return signIn(token, request, response)
    if (url.pathname === secondStepPath) return secondStep(cookieOf(request.headers.cookie, pendingName()) ?? '', request, response)
    const session = cookieOf(request.headers.cookie, cookieName()) ?? ''
    const holder = tokens.holderOf(session)
    if (watchedPaths.includes(url.pathname)) return answerWatcher(core, url.pathname, holder?.role ?? watcherRole(request), request, response)
    if (holder === null) return answerInWords(response, 401, 'You are not signed in.', 'Open the console with the link that Mailroom printed when it was started, or with your own. A session ends after twelve hours without use.')
    return serve(url.pathname, holder, session, request, response)
  }

  function signIn(token: string, request: IncomingMessage, response: ServerResponse): void {
    const opened = tokens.open(token)
    if (opened === null) guessed(request)
    log.info(opened === null ? 'a link that is not valid was refused to a browser' : 'session' in opened ? `${tokens.holderOf(opened.session)?.who ?? ''} signed in` : `${tokens.pendingOf(opened.pending)?.who ?? ''} is asked for a code`)
    if (opened === null) return answerInWords(response, 403, 'This link is not valid any more.', 'A link holds until Mailroom is stopped. Use the one that it printed when it was last started.')
    // After a link on another site a redirect would still count as coming from there, and the strict cookie would stay away.
    const next = 'session' in opened ? '/' : secondStepPath
    const onward: Record<string, string> = request.headers['sec-fetch-site'] === 'cross-site' ? { refresh: `0; url=${next}` } : { location: next }
    const [title, advice, set] = 'session' in opened ? ['Signed in.', 'The console opens.', cookie(opened.session)] : ['One more step.', 'A code is sent.', pendingCookie(opened.pending)]
    answerInWords(response, 'location' in onward ? 303 : 200, title, advice, { ...onward, 'set-cookie': set })
  }

  const secondStep = createSecondStep({
    core, tokens, log,
    signedIn: (session, response) => answerInWords(response, 303, 'Signed in.', 'The console opens.', { location: '/', 'set-cookie': [cookie(session), pendingCookie('', '; Max-Age=0')] })
  })
  const guessed = ({ socket }: IncomingMessage): void => core.guessed(socket.remoteAddress ?? 'an unknown address', 'token')
  const watcherRole = (request: IncomingMessage): Role | null => {
    const token = bearerOf(request)
    if (token !== null && !tokens.isOurs(token)) guessed(request)
    return roleOfBearer(request, tokens)
  }

  function signOut({ who }: CallContext, session: string, response: ServerResponse): void {
    tokens.close(session)
    events.endRevoked()
    log.info(`${who} signed out`)
    answerInWords(response, 200, 'You are signed out.', 'The link that Mailroom printed opens the console again.', { 'clear-site-data': '"cache", "storage"', 'set-cookie': cookie('', '; Max-Age=0') })
  }

  async function serve(path: string, holder: CallContext, session: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = path === '/call' || path === '/sign-out' ? ['POST'] : path === '/events' ? ['GET'] : ['GET', 'HEAD']
    if (!method.includes(request.method ?? '')) return answerInWords(response, 405, `${path.slice(0, 80)} is not asked this way.`, `Use ${method.join(' or ')}.`, { allow: method.join(', ') })
    if (path === '/call') return call(holder, request, response)
    if (path === '/sign-out') return signOut(holder, session, response)
    const entry = mailEntryOf(path)
    if (entry !== null) return showMail(entry, holder, response)
    if (path !== '/events') return servePage(path, response)
    if (originIsOurs(request.headers, schemes)) return events.open(response, holder.role, () => tokens.holds(session))
    answerInWords(response, 403, 'The call came from another page.', 'Open the console under the address that Mailroom printed.')
  }

  async function showMail(id: number, holder: CallContext, response: ServerResponse): Promise<void> {
    const answer = await core.answer('requests.entry', { id, remoteContent: true }, holder)
    if (!answer.ok) return answerInWords(response, 404, wordsOf(answer.problem).title, wordsOf(answer.problem).advice)
    const { html } = answer.value as ConversationEntry
    answerWith(response, 200, mailDocument(html ?? ''), 'text/html; charset=utf-8', { 'content-security-policy': mailPolicy })
  }

  async function call(holder: CallContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readCall(request, bodyLimit)
    if ('status' in asked) return answerInWords(response, asked.status, asked.title, 'Load the page again.', { connection: 'close' })
    answerWithJson(response, await core.answer(asked.name, asked.input, holder))
  }

  // Cookies do not tell ports apart, and two consoles may run on one machine.
  const cookieName = (): string => `${tls === null ? '' : '__Host-'}mailroom-${portOf(server)}`
  const pendingName = (): string => `${cookieName()}-code`
  const kept = (name: string, value: string, age: string): string => `${name}=${value}${age}; HttpOnly; SameSite=Strict; Path=/${tls === null ? '' : '; Secure'}`
  const cookie = (value: string, age = ''): string => kept(cookieName(), value, age)
  const pendingCookie = (value: string, age = '; Max-Age=1800'): string => kept(pendingName(), value, age)

  await listen(server, host, port)
  const reachable = publicName ?? (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host)
  const base = `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${portOf(server)}/?token=`
  return {
    url: base + tokens.administrator,
    supportUrl: base + tokens.support,
    async close() {
      events.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 1_000).unref()
      await closed
    }
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is in use; name another one` : error.code === 'EACCES' ? `port ${port} needs more rights; name one above 1023` : `${host} is no address of this computer`
      reject(new ProblemError({ code: 'invalid-input', issues: [{ path: error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'port' : 'host', message: `Cannot listen: ${reason}.` }] }, { cause: error }))
    })
    server.listen(port, host, () => resolve())
  })
}
