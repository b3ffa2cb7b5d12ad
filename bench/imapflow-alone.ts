import { ImapFlow } from 'imapflow'
import type { BenchMailbox, RunResult } from './bench-mailbox.ts'

const connected = async ({ host, port, user, password }: BenchMailbox): Promise<ImapFlow> => {
  const client = new ImapFlow({ host, port, secure: false, doSTARTTLS: false, auth: { user, pass: password }, logger: false, disableAutoIdle: true })
  await client.connect()
  await client.mailboxOpen('INBOX')
  return client
}

/** Downloads every message and throws it away: what ImapFlow does in the best case. */
export const downloadByImapFlow = async (mailbox: BenchMailbox): Promise<RunResult & { megabytes: number }> => {
  const started = performance.now()
  const client = await connected(mailbox)
  let messages = 0
  let bytes = 0
  for await (const { source } of client.fetch('1:*', { uid: true, source: true })) {
    messages += 1
    bytes += source?.length ?? 0
  }
  await client.logout()
  return { messages, seconds: (performance.now() - started) / 1000, megabytes: Math.round(bytes / 1e6) }
}

/** Takes \Seen off every message, so that each contender finds the same mailbox. */
export const markUnread = async (mailbox: BenchMailbox): Promise<void> => {
  const client = await connected(mailbox)
  if (!(await client.messageFlagsRemove('1:*', ['\\Seen']))) throw new Error('The mailbox could not be marked unread.')
  await client.logout()
}
