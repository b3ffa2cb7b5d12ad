import type { SampleMail, TestStep } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt, ConnectionLimits } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { createHttpClient } from '../connection/http-client.ts'
import { createTranscript } from '../connection/transcript.ts'
import { diagnoseReach } from '../diagnose/diagnose-connection.ts'
import { missingFolders } from '../diagnose/missing-folders.ts'
import { createStepRunner, type StepFinding, type StepRunner } from '../diagnose/run-step.ts'
import { tokenStep } from '../diagnose/token-step.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { lookUp, openFolder } from './ews-folders.ts'
import { sampleOf } from './ews-mailbox.ts'
import { ewsPlace, type EwsPlace } from './ews-place.ts'
import { httpProblem, offeredMethods } from './ews-problem.ts'
import { getFolder } from './ews-requests.ts'
import { createEwsSession, type EwsSession } from './ews-session.ts'
import { within } from './xml-tree.ts'

type DiagnosisNeeds = { needs: TransportNeeds; limits: ConnectionLimits }

/** The steps of a test, from name look-up to the newest message, and the mailbox that must stay closed. Never throws. */
export async function diagnoseEwsIncoming(server: IncomingServer, connection: ConnectionNeeds, { needs, limits }: DiagnosisNeeds, report: (step: TestStep) => void): Promise<{ sample: SampleMail | null }> {
  let sample: SampleMail | null = null
  await diagnose(server, connection, { needs, limits }, report, async (session, step) => {
    const folder = await step('folder', () => lookAtFolder(session, server))
    if (folder === null) return
    const sampled = await step('sample', async () => {
      const value = await sampleOf(session, folder.value, 'newest', needs.readSample)
      return { value, detail: value === null ? 'The folder is empty.' : `${value.from}: ${value.subject}` }
    })
    sample = sampled?.value ?? null
    const forbidden = server.forbiddenMailbox ?? ''
    if (sampled !== null && forbidden !== '') await step('forbidden-mailbox', () => tryForbidden({ ...server, mailbox: forbidden }, connection, { needs, limits }))
  })
  return { sample }
}

/** The steps up to the mailbox that is sent from; nothing is sent. Never throws. */
export const diagnoseEwsOutgoing = (server: OutgoingServer, connection: ConnectionNeeds, needs: DiagnosisNeeds, report: (step: TestStep) => void): Promise<void> => diagnose(server, connection, needs, report, async () => undefined)

type Ready = IncomingServer | OutgoingServer

async function diagnose(server: Ready, connection: ConnectionNeeds, { needs, limits }: DiagnosisNeeds, report: (step: TestStep) => void, rest: (session: EwsSession, step: StepRunner) => Promise<void>): Promise<void> {
  // A step that is given up leaves its connection behind; it ends with the test.
  const over = new AbortController()
  const signal = AbortSignal.any([connection.signal, over.signal])
  const attempt: Attempt = { signal, limits }
  const transcript = createTranscript(connection.transcript, connection.credentials?.kind === 'password' ? connection.credentials.secret : null)
  const stepsOf = (place: EwsPlace | null): StepRunner =>
    createStepRunner({ report, stepMs: limits.stepMs, signal: connection.signal, problemOf: async (error, name) => (place === null ? null : explainFailure(error, place.to, attempt, name)) })
  const placed = placeOf(server, connection)
  if (placed instanceof ProblemError) return void (await stepsOf(null)('endpoint', () => Promise.reject(placed)))
  const step = stepsOf(placed)
  try {
    if (!(await diagnoseReach(placed.to, attempt, step, transcript))) return
    if ((await tokenStep(server, { resource: 'ews' }, { ...connection, signal }, step)) === null) return
    if ((await step('endpoint', () => lookAtEndpoint(placed, attempt, transcript))) === null) return
    await signedIn(placed, { ...connection, signal }, attempt, needs, step, rest)
  } finally {
    over.abort()
  }
}

async function signedIn(place: EwsPlace, connection: ConnectionNeeds, attempt: Attempt, needs: TransportNeeds, step: StepRunner, rest: (session: EwsSession, step: StepRunner) => Promise<void>): Promise<void> {
  const begin = (): EwsSession => createEwsSession({ place, connection, attempt, throttle: needs.throttle })
  const byToken = connection.credentials?.kind === 'token'
  const opened = byToken ? { value: begin() } : await step('sign-in', async () => trySignIn(begin(), connection))
  if (opened === null) return
  const session = opened.value
  try {
    const mailbox = await step('mailbox', async () => {
      await session.askOne(getFolder({ known: 'inbox', mailbox: place.other }), { folder: 'Inbox' })
      const how = place.impersonated !== null ? ', by impersonation' : place.other !== null ? `, with the rights of ${place.auth.user}` : ''
      return { value: null, detail: `${place.mailbox === '' ? 'The mailbox of whoever signed in' : place.mailbox}${how}` }
    })
    if (mailbox !== null) await rest(session, step)
  } finally {
    session.close()
  }
}

/** A service account may have no mailbox: any answer in SOAP shows that it was signed in. */
async function trySignIn(session: EwsSession, connection: ConnectionNeeds): Promise<StepFinding<EwsSession>> {
  const { version } = await session.ask(getFolder({ known: 'inbox', mailbox: null }))
  const how = session.place.auth.method === 'ntlm' ? 'NTLM' : 'password'
  return { value: session, detail: `${connection.credentials?.user ?? ''} by ${how}${version === '' ? '' : `, Exchange ${version}`}` }
}

/** Without a sign-in, Exchange answers with 401 and the ways to sign in that it offers. */
async function lookAtEndpoint(place: EwsPlace, attempt: Attempt, transcript: ReturnType<typeof createTranscript>): Promise<StepFinding<null>> {
  const http = createHttpClient({ route: place.to, attempt, transcript, connections: 1 })
  const { status, headers, body } = await http.request({ method: 'GET', url: place.endpoint, mostBytes: 1_000_000 }).finally(() => http.close())
  const offered = offeredMethods(headers['www-authenticate'])
  if (status === 401) {
    const scheme = { password: /basic/i, ntlm: /ntlm|negotiate/i, oauth2: /bearer/i }[place.auth.method as 'password' | 'ntlm' | 'oauth2'] ?? /./
    if (!scheme.test(headers['www-authenticate'] ?? '')) throw new ProblemError({ code: 'sign-in-method-not-offered', server: place.name, offered })
    return { value: null, detail: `Offers ${offered.join(', ')}` }
  }
  const where = { server: place.name, host: place.to.host, port: place.to.port, endpoint: place.endpoint, mailbox: place.mailbox, auth: place.auth, operation: 'GET', folder: null, impersonating: false, sending: null }
  throw new ProblemError(httpProblem(status, headers, body.toString('utf8', 0, 20_000), where))
}

async function lookAtFolder(session: EwsSession, server: IncomingServer): Promise<StepFinding<{ id: string }>> {
  const folder = await openFolder(session, server.folder)
  const toCome = await missingFolders(server, async (name) => (await lookUp(session, name)) !== null)
  return { value: folder, detail: `${folder.name}: ${folder.messages} messages, ${folder.unread} unread${toCome}` }
}

async function tryForbidden(server: IncomingServer, connection: ConnectionNeeds, { needs, limits }: DiagnosisNeeds): Promise<StepFinding<null>> {
  const place = ewsPlace(server, connection)
  const session = createEwsSession({ place, connection, attempt: { signal: connection.signal, limits }, throttle: needs.throttle })
  try {
    const { responses: [response] } = await session.ask(getFolder({ known: 'inbox', mailbox: place.other }))
    if (response?.ok && within(response.node, 'FolderId') !== null) throw new ProblemError({ code: 'forbidden-mailbox-readable', server: server.name, mailbox: place.mailbox })
    return { value: null, detail: `${place.mailbox} stays closed: ${response?.code ?? ''}` }
  } catch (error) {
    if (error instanceof ProblemError && closed.has(error.problem.code)) return { value: null, detail: `${place.mailbox} stays closed.` }
    throw error
  } finally {
    session.close()
  }
}
const closed = new Set(['mailbox-access-denied', 'mailbox-not-found', 'folder-access-denied'])

function placeOf(server: Ready, connection: ConnectionNeeds): EwsPlace | ProblemError {
  try {
    return ewsPlace(server, connection)
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
}
