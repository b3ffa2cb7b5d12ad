import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { ImapSession } from './imap-session.ts'

/** What the transport needs to know of a folder that is open. */
export type OpenFolder = { path: string; identity: string; messages: number; readOnly: boolean }

/**
 * Opens (SELECT) the folder of that name. Throws ProblemError `folder-not-found` with the folders there are, `folder-access-denied`,
 * `mailbox-locked`. `identity` is the folder with its UIDVALIDITY (RFC 9051 2.3.1.1).
 */
export async function openFolder(session: ImapSession, server: IncomingServer, name: string): Promise<OpenFolder> {
  try {
    const path = isInbox(name) ? 'INBOX' : ((await findFolder(session, name)) ?? name)
    const opened = await session.run('SELECT', name, () => session.client.mailboxOpen(path))
    return { path: opened.path, identity: `${opened.path};${String(opened.uidValidity ?? 0)}`, messages: opened.exists, readOnly: opened.readOnly === true }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    // A server may hide a folder without rights as if it were missing (RFC 4314 4): what it lists, it has.
    if (error.problem.code === 'folder-not-found') throw await missingOrHidden(session, server, name, error)
    throw error
  }
}

/** Works in another folder; `inbox`, which was open, is open again afterwards. */
export async function inFolder<Result>(session: ImapSession, server: IncomingServer, path: string, inbox: string, work: () => Promise<Result>): Promise<Result> {
  await openFolder(session, server, path)
  try {
    return await work()
  } finally {
    if (session.client.usable) await openFolder(session, server, inbox)
  }
}

async function missingOrHidden(session: ImapSession, server: IncomingServer, name: string, error: ProblemError): Promise<ProblemError> {
  const available = await folderPaths(session)
  if (available.includes(name)) return new ProblemError({ code: 'folder-access-denied', server: server.name, folder: name, serverSaid: 'The folder is listed but cannot be opened.' }, { cause: error })
  return new ProblemError({ code: 'folder-not-found', server: server.name, folder: name, available: available.slice(0, 200) }, { cause: error })
}

/** The server's path of a folder by the name in the settings: as it is, in the personal namespace, or with `/` as the separator. null where missing. */
export async function findFolder(session: ImapSession, name: string): Promise<string | null> {
  const paths = await folderPaths(session)
  return candidates(session, name).find((candidate) => paths.includes(candidate)) ?? null
}

/** The path of the folder, created (and subscribed) where it is missing. */
export async function ensureFolder(session: ImapSession, name: string): Promise<string> {
  const found = await findFolder(session, name)
  if (found !== null) return found
  const { delimiter, prefix } = namespaceOf(session)
  const local = delimiter === '/' || delimiter === '' ? name : name.replaceAll('/', delimiter)
  const path = local.startsWith(prefix) ? local : `${prefix}${local}`
  const created = await session.run('CREATE', name, () => session.client.mailboxCreate(path))
  return created.path
}

async function folderPaths(session: ImapSession): Promise<string[]> {
  const folders = await session.run('LIST', null, () => session.client.list({ listOnly: true }))
  return folders.filter((folder) => !folder.flags.has('\\Noselect') && !folder.flags.has('\\NonExistent')).map((folder) => folder.path)
}

function candidates(session: ImapSession, name: string): string[] {
  const { delimiter, prefix } = namespaceOf(session)
  const translated = delimiter === '' ? name : name.replaceAll('/', delimiter)
  return [name, `${prefix}${name}`, translated, `${prefix}${translated}`]
}

function namespaceOf({ client }: ImapSession): { delimiter: string; prefix: string } {
  const { namespace } = client
  return namespace ? { delimiter: namespace.delimiter || '', prefix: namespace.prefix || '' } : { delimiter: '', prefix: '' }
}

function isInbox(name: string): boolean {
  return name.toUpperCase() === 'INBOX'
}
