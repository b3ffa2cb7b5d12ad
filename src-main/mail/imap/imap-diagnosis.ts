import type { SampleMail, TestStep } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { destinationFor, type Attempt } from '../connection/destination.ts'
import { explainFailure } from '../connection/explain-failure.ts'
import { createTranscript } from '../connection/transcript.ts'
import { diagnoseConnection } from '../diagnose/diagnose-connection.ts'
import { missingFolders } from '../diagnose/missing-folders.ts'
import { tokenStep } from '../diagnose/token-step.ts'
import { presentedUser } from '../present-credentials.ts'
import { createStepRunner, type StepFinding } from '../diagnose/run-step.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import { findFolder, openFolder, type OpenFolder } from './imap-folders.ts'
import { readOnly, sampleOf } from './imap-mailbox.ts'
import { openSession, type ImapSession } from './imap-session.ts'

/** The steps of a test, from name look-up to the newest message. Never throws. */
export async function diagnoseImap(server: IncomingServer, needs: ConnectionNeeds, attempt: Attempt, report: (step: TestStep) => void, readSample: (raw: Buffer) => SampleMail): Promise<{ sample: SampleMail | null }> {
  const to = destinationFor('imap', server, needs)
  const step = createStepRunner({ report, stepMs: attempt.limits.stepMs, signal: needs.signal, problemOf: (error, name) => explainFailure(error, to, attempt, name) })
  const transcript = createTranscript(needs.transcript, null)
  if ((await diagnoseConnection(to, attempt, step, transcript)) === null) return { sample: null }
  if ((await tokenStep(server, incomingProtocols.imap, needs, step)) === null) return { sample: null }
  // A step that is given up leaves its connection behind; it ends with the test.
  const over = new AbortController()
  const signal = AbortSignal.any([needs.signal, over.signal])
  try {
    const signedIn = await step('sign-in', async () => {
      const session = await openSession(server, { ...needs, signal }, { ...attempt, signal })
      return { value: session, detail: `Signed in as ${needs.credentials?.kind === 'token' ? presentedUser(server, needs.credentials.user) : (needs.credentials?.user ?? '')}` }
    })
    if (signedIn === null) return { sample: null }
    const session = signedIn.value
    if ((await step('folder', () => lookAtFolder(session, server))) === null) return { sample: null }
    const sampled = await step('sample', async () => {
      const sample = await sampleOf(session, '*', readSample)
      return { value: sample, detail: sample === null ? 'The folder is empty.' : `${sample.from}: ${sample.subject}` }
    })
    await session.close()
    return { sample: sampled?.value ?? null }
  } finally {
    over.abort()
  }
}

async function lookAtFolder(session: ImapSession, server: IncomingServer): Promise<StepFinding<OpenFolder>> {
  const folder = await openFolder(session, server, server.folder)
  if (folder.readOnly) throw readOnly(server)
  const unread = await session.run('SEARCH', server.folder, () => session.client.search({ seen: false, deleted: false }, { uid: true }))
  const toCome = await missingFolders(server, async (name) => (await findFolder(session, name)) !== null)
  return { value: folder, detail: `${folder.path}: ${folder.messages} messages, ${unread.length} unread${toCome}` }
}
