import type { SampleMail, TestStep } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt, ConnectionLimits } from '../connection/destination.ts'
import { createHttpClient } from '../connection/http-client.ts'
import type { Transcript } from '../connection/transcript.ts'
import { missingFolders } from '../diagnose/missing-folders.ts'
import type { StepFinding, StepRunner } from '../diagnose/run-step.ts'
import { testProvider } from '../diagnose/test-provider.ts'
import { lookAtToken } from '../diagnose/token-step.ts'
import type { AccessToken, ConnectionNeeds } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { folder as folderAnswer, nothing, type GraphFolder } from './graph-answers.ts'
import { createGraphClient, type GraphClient, type GraphClock } from './graph-client.ts'
import { createGraphFolders } from './graph-folders.ts'
import { sampleOf } from './graph-mailbox.ts'
import { readGraphError } from './graph-problem.ts'
import type { GraphUse } from './graph-rights.ts'
import { graphPlace, type GraphPlace } from './graph-server-place.ts'

export type Ground = { needs: TransportNeeds; limits: ConnectionLimits; clock: GraphClock }

/** The steps of a test, from name look-up to the newest message and the mailbox that must stay closed. Never throws. */
export async function diagnoseGraphIncoming(server: IncomingServer, connection: ConnectionNeeds, ground: Ground, report: (step: TestStep) => void): Promise<{ sample: SampleMail | null }> {
  let sample: SampleMail | null = null
  await withClient(server, 'reading', connection, ground, report, async (client, step) => {
    if ((await step('mailbox', () => lookAtInbox(client))) === null) return
    const folder = await step('folder', () => lookAtFolder(client, server))
    if (folder === null) return
    const sampled = await step('sample', async () => {
      const value = await sampleOf(client, folder.value.id, 'desc', ground.needs.readSample)
      return { value, detail: value === null ? 'The folder is empty.' : `${value.from}: ${value.subject}` }
    })
    sample = sampled?.value ?? null
    const forbidden = server.forbiddenMailbox ?? ''
    if (sampled !== null && forbidden !== '') await step('forbidden-mailbox', () => tryForbidden(server, connection, ground, forbidden))
  })
  return { sample }
}

/** The steps of a test up to the mailbox that is sent from; nothing is sent. Never throws. */
export async function diagnoseGraphOutgoing(server: OutgoingServer, connection: ConnectionNeeds, ground: Ground, report: (step: TestStep) => void): Promise<void> {
  await withClient(server, 'sending', connection, ground, report, async (client, step, token) => {
    await step('mailbox', () => lookAtSender(client, server, token.scope))
  })
}

async function withClient(server: IncomingServer | OutgoingServer, use: GraphUse, connection: ConnectionNeeds, { needs, limits, clock }: Ground, report: (step: TestStep) => void, rest: (client: GraphClient, step: StepRunner, token: AccessToken) => Promise<void>): Promise<void> {
  await testProvider(server, connection, limits, report, async ({ connection: ofTest, attempt, transcript, step }) => {
    const place = graphPlace(server, use)
    const token = await step('token', () => lookAtToken(server.name, ofTest, place.lacks))
    if (token === null) return
    if ((await step('endpoint', () => lookAtEndpoint(place, connection, attempt, transcript))) === null) return
    const client = createGraphClient({ place, connection, attempt, throttle: needs.throttle, transcript, clock })
    await rest(client, step, token.value).finally(() => client.close())
  })
}

/** A request without a token: Graph answers it with 401 in its own format. */
async function lookAtEndpoint({ root, user, server, circumstances }: GraphPlace, connection: ConnectionNeeds, attempt: Attempt, transcript: Transcript | null): Promise<StepFinding<null>> {
  const { tls, proxy } = server
  const http = createHttpClient({ route: { tls, proxy, proxyPassword: connection.proxyPassword, clientKeyPassphrase: connection.clientKeyPassphrase }, attempt, transcript })
  try {
    const answer = await http.request({ method: 'GET', url: `${user}/mailFolders/inbox`, mostBytes: 1_000_000 })
    const error = readGraphError(answer.status, answer.headers, answer.body.toString('utf8'))
    if (answer.status >= 500 && error.json) throw new ProblemError({ code: 'server-busy', serverSaid: `${answer.status} ${error.message}`, ...circumstances.peer })
    if (answer.status !== 401 || !error.json) throw new ProblemError({ code: 'endpoint-wrong', server: server.name, endpoint: circumstances.endpoint, serverSaid: `${answer.status} ${error.message.slice(0, 200)}` })
    return { value: null, detail: `Microsoft Graph answers at ${root}` }
  } finally {
    http.close()
  }
}

async function lookAtInbox(client: GraphClient): Promise<StepFinding<null>> {
  const { displayName } = await client.json({ path: 'mailFolders/inbox', words: 'the mailbox', query: { $select: 'id,displayName' } }, folderAnswer)
  return { value: null, detail: `${client.place.circumstances.mailbox} opens; its inbox is called ${displayName}` }
}

async function lookAtFolder(client: GraphClient, server: IncomingServer): Promise<StepFinding<GraphFolder>> {
  const folders = createGraphFolders(client)
  const value = await folders.open(server.folder)
  const toCome = await missingFolders(server, async (name) => (await folders.find(name)) !== null)
  return { value, detail: `${value.displayName}: ${value.totalItemCount ?? 0} messages, ${value.unreadItemCount ?? 0} unread${toCome}` }
}

/** Mail.Send alone cannot look at the mailbox; large attachments need the right to write drafts besides. */
async function lookAtSender(client: GraphClient, server: OutgoingServer, scope: readonly string[]): Promise<StepFinding<null>> {
  const mailbox = client.place.circumstances.mailbox
  if (graphPlace(server, 'uploading').lacks(scope).length > 0) return { value: null, warning: true, detail: `${mailbox} can send; attachments from 3 MB on need Mail.ReadWrite too` }
  const seen = await client.find({ path: 'mailFolders/drafts', words: 'the mailbox', query: { $select: 'id' }, absent: ({ status, json }) => status === 403 && json }, nothing)
  return seen === null ? { value: null, warning: true, detail: `${mailbox} can send; its drafts are closed to this sign-in, which attachments from 3 MB on need` } : { value: null, detail: `${mailbox} opens, and can send attachments from 3 MB on` }
}

/** The mailbox must be closed to this sign-in; what Graph says instead of opening it is the good answer. */
async function tryForbidden(server: IncomingServer, connection: ConnectionNeeds, { needs, limits, clock }: Ground, mailbox: string): Promise<StepFinding<null>> {
  // The rights of a token are those for the server's own mailbox; here they must not suffice.
  const place = { ...graphPlace({ ...server, mailbox }, 'reading'), lacks: () => [] }
  const client = createGraphClient({ place, connection, attempt: { signal: connection.signal, limits }, throttle: needs.throttle, transcript: null, clock })
  try {
    const found = await client.find({ path: 'mailFolders/inbox', words: 'the mailbox', query: { $select: 'id' }, absent: ({ status, json }) => json && (status === 403 || status === 404) }, nothing)
    if (found !== null) throw new ProblemError({ code: 'forbidden-mailbox-readable', server: server.name, mailbox })
    return { value: null, detail: `${mailbox} is closed to this sign-in` }
  } finally {
    client.close()
  }
}
