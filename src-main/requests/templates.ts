import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { OutgoingServerDraft, SentMail, TestMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { placeholderValues, type ToldOfRequest } from '../model/fill-mail-template.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { writeMail, type WrittenMail } from '../processing/mails/write-mail.ts'
import type { Works } from '../work/works.ts'
import type { CommitNeeds } from './message-fate.ts'
import { readEntry } from './removed-parts.ts'
import type { StoredMessages } from './stored-messages.ts'

export type TemplatesNeeds = Pick<CommitNeeds, 'partitions' | 'outgoing'> & {
  database: Database
  tables: Pick<MailTables, 'requests' | 'entries' | 'people'>
  messages: StoredMessages
  settings: () => Promise<Settings>
  /** The server that a partition sends through; null where there is none. */
  outgoingFor: (partition: string) => Promise<{ server: OutgoingServerDraft } | null>
  /** Sends at once through the named server. Throws ProblemError. */
  sendTest: (server: string, mail: TestMail, signal: AbortSignal) => Promise<SentMail>
  works: Works
  now: () => Date
}

/** Use cases on mail templates, one for each call `template.…`. Throws ProblemError `not-found` for a request or a partition that is not there. */
export function createTemplates(needs: TemplatesNeeds) {
  const written = async ({ template, request }: Pick<ParsedInput<'template.preview'>, 'template' | 'request'>, wanted: string | null): Promise<WrittenMail & { partition: string }> => {
    const told = request === null ? await madeUp(needs, wanted) : await realRequest(needs, request)
    const partition = wanted ?? told.partition
    const { senderName } = await needs.outgoing(partition)
    return { ...writeMail(template, placeholderValues({ ...told, senderName }), (await needs.settings()).processing.emailCommand), partition }
  }
  const preview = async (input: ParsedInput<'template.preview'>): Promise<CallAnswer<'template.preview'>> => {
    const { subject, text, html } = await written(input, null)
    return { subject, text, html }
  }
  /** Throws ProblemError `no-outgoing-server`, and as a test mail does. */
  const sendSample = ({ workId, partition: wanted, to, ...input }: ParsedInput<'template.send-sample'>): Promise<SentMail> =>
    needs.works.during(workId, async (signal) => {
      const names = (await needs.partitions()).map(({ name }) => name)
      if (wanted !== null && !names.includes(wanted)) throw new ProblemError({ code: 'not-found', what: 'partition', name: wanted, nearest: nearestName(wanted, names) })
      const { subject, text, html, partition } = await written(input, wanted)
      const through = await needs.outgoingFor(partition)
      if (through === null) throw new ProblemError({ code: 'no-outgoing-server' })
      return needs.sendTest(through.server.name, { to: [to], cc: [], bcc: [], subject, text, html, attachments: [] }, signal)
    })
  return { preview, sendSample }
}

type Told = Omit<ToldOfRequest, 'senderName'>

async function madeUp({ partitions, now }: TemplatesNeeds, wanted: string | null): Promise<Told> {
  const partition = wanted ?? (await partitions()).find((one) => one.default)?.name ?? ''
  return {
    number: 1042, subject: 'The printer on the second floor does not print', status: 'open', requester: { name: 'Ann Example', address: 'ann@example.com' }, partition, createdAt: now().toISOString(),
    values: { category: 'Hardware', priority: 'High', technician: 'Tess Technician', technicianEmail: 'tess@example.com', group: 'Field service' },
    message: 'Good morning,\n\nsince today the printer on the second floor blinks red & prints nothing.\n\nKind regards\nAnn'
  }
}

async function realRequest(needs: TemplatesNeeds, number: number): Promise<Told> {
  const { tables, database } = needs
  const request = await tables.requests.get(database, number)
  if (request === null) throw new ProblemError({ code: 'not-found', what: 'request', name: String(number), nearest: null })
  const person = (await tables.people.byAddresses(database, [request.requester])).get(request.requester.toLowerCase())
  return { ...request, requester: { name: person?.name ?? '', address: request.requester }, message: await newestText(needs, number) }
}

/** Text of the newest mail of the conversation; '' where it was removed, or cannot be read any more. */
async function newestText(needs: TemplatesNeeds, number: number): Promise<string> {
  const newest = (await needs.tables.entries.ofRequest(needs.database, number)).filter(({ kind }) => kind === 'request' || kind === 'reply').at(-1)
  if (newest === undefined) return ''
  try {
    return (await readEntry(needs, newest)).message?.parsed.content.text ?? ''
  } catch (thrown) {
    if (thrown instanceof ProblemError) return ''
    throw thrown
  }
}
