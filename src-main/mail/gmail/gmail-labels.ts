import { ProblemError } from '#contract/problem.ts'
import { label, labelList, type GmailLabel } from './gmail-answers.ts'
import type { GmailClient } from './gmail-client.ts'

/** Gmail's folders are labels, nested by `/`. https://developers.google.com/workspace/gmail/api/guides/labels */
export type GmailLabels = {
  /** The id of an existing label. Throws ProblemError `folder-not-found` with the names there are. */
  idOf(name: string): Promise<string>
  find(name: string): Promise<GmailLabel | null>
  /** The id of a label that is made where missing, with those above it. */
  ensure(name: string): Promise<string>
}

export function createGmailLabels(client: GmailClient, serverName: string): GmailLabels {
  let known: GmailLabel[] | null = null
  const all = async (): Promise<GmailLabel[]> => (known ??= (await client.json({ path: 'labels', words: 'the labels' }, labelList)).labels)
  const find = async (name: string): Promise<GmailLabel | null> => {
    const labels = await all()
    return labels.find((one) => one.name === name) ?? labels.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? null
  }
  const make = async (name: string): Promise<GmailLabel> => {
    // 409: another program made it meanwhile.
    const made = await client.find({ method: 'POST', path: 'labels', words: `a new label “${name}”`, json: { name, labelListVisibility: 'labelShow', messageListVisibility: 'show' }, absent: ({ status }) => status === 409 }, label)
    known = made === null || known === null ? null : [...known, made]
    const found = made ?? (await find(name))
    if (found === null) throw new ProblemError({ code: 'provider-refused', server: serverName, request: `a new label “${name}”`, serverSaid: '409' })
    return found
  }
  return {
    find,
    async idOf(name) {
      const found = await find(name)
      if (found === null) throw new ProblemError({ code: 'folder-not-found', server: serverName, folder: name, available: (await all()).map((one) => one.name) })
      return found.id
    },
    async ensure(name) {
      let id = ''
      for (const path of pathsTo(name)) id = ((await find(path)) ?? (await make(path))).id
      return id
    }
  }
}

/** `Done/2026` needs `Done` first, or Gmail does not show it as nested. */
const pathsTo = (name: string): string[] => name.split('/').map((_part, index, parts) => parts.slice(0, index + 1).join('/')).filter((path) => path !== '' && !path.endsWith('/'))
