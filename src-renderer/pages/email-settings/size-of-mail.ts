import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { sizeText } from '../../components/sizes.ts'

/** Bytes of a mail with its files in base64, in lines of 76 characters (RFC 2045 6.8), to a few hundred. */
export const encodedSize = (files: readonly { size: number }[], text: string, html: string | null): number =>
  files.reduce((sum, { size }) => sum + Math.ceil(size / 57) * 78 + 300, 0) + text.length + (html?.length ?? 0) + 1_500

/** What a server is known to take: its own setting, or what it said in its last test (RFC 1870); null where nobody knows before it is asked. */
export function takenBy({ server, lastTest }: Pick<OutgoingServerView, 'server' | 'lastTest'>): number | null {
  const said = Number(/(?:^|\s)SIZE[ =](\d{4,15})(?:\s|$)/i.exec(lastTest?.steps.find(({ step }) => step === 'capabilities')?.detail ?? '')?.[1] ?? 0)
  const known = [server.maxMailSize, said === 0 ? null : said].filter((size) => size !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** What the console itself takes for one test mail. */
const mostFiles = 20
const mostBytes = 58_000_000

/** Why files cannot go with a mail of this size, in words; null where they can. */
export function sizeFault(files: readonly { name: string; size: number }[], size: number, taken: number | null): string | null {
  if (files.length > mostFiles) return `At most ${mostFiles} files go with one mail.`
  if (files.length > 0 && taken !== null && size > taken) return `The mail would have ${sizeText(size)}; this server takes ${sizeText(taken)}. Nothing was sent: remove a file, or choose a smaller one.`
  return files.reduce((sum, file) => sum + file.size, 0) > mostBytes ? `Together the files have ${sizeText(files.reduce((sum, file) => sum + file.size, 0))}; a test mail takes ${sizeText(mostBytes)} of files.` : null
}
