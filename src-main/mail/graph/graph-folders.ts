import { ProblemError } from '#contract/problem.ts'
import { folder, folderPage, quoted, type GraphFolder } from './graph-answers.ts'
import type { GraphClient } from './graph-client.ts'

export type GraphFolders = {
  /** Throws `folder-not-found` with the folders there are. */
  open(path: string): Promise<GraphFolder>
  find(path: string): Promise<GraphFolder | null>
  /** Makes what is missing of the path. */
  ensure(path: string): Promise<GraphFolder>
}

/** Names that mean the same folder in every language: https://learn.microsoft.com/graph/api/resources/mailfolder */
const wellKnown = new Map([['inbox', 'inbox'], ['drafts', 'drafts'], ['sent items', 'sentitems'], ['deleted items', 'deleteditems'], ['junk email', 'junkemail'], ['archive', 'archive']])
const fields = { $select: 'id,displayName,totalItemCount,unreadItemCount' }

/** Folders by their path of display names, `/` between them. `Inbox` is the inbox, whatever it is called in the mailbox's language. */
export function createGraphFolders(client: GraphClient): GraphFolders {
  const known = new Map<string, GraphFolder>()
  const childrenOf = (parent: GraphFolder | null): string => (parent === null ? 'mailFolders' : `mailFolders/${encodeURIComponent(parent.id)}/childFolders`)
  const named = async (parent: GraphFolder | null, name: string): Promise<GraphFolder | null> => {
    const byName = async (): Promise<GraphFolder | null> => (await client.json({ path: childrenOf(parent), words: 'a folder', query: { ...fields, $filter: `displayName eq ${quoted(name)}` } }, folderPage)).value[0] ?? null
    const everywhere = parent === null ? wellKnown.get(name.toLowerCase()) : undefined
    const byMeaning = async (): Promise<GraphFolder | null> => (everywhere === undefined ? null : client.find({ path: `mailFolders/${everywhere}`, words: 'a folder', query: fields }, folder))
    return everywhere === 'inbox' ? byMeaning() : ((await byName()) ?? byMeaning())
  }
  const create = async (parent: GraphFolder | null, name: string): Promise<GraphFolder> => {
    const made = await client.find({ method: 'POST', path: childrenOf(parent), words: 'a new folder', json: { displayName: name }, absent: ({ status, code }) => status === 409 || code === 'ErrorFolderExists' }, folder)
    const found = made ?? (await named(parent, name))
    if (found === null) throw new ProblemError({ code: 'provider-refused', server: client.place.server.name, request: 'a new folder', serverSaid: `${name} exists and cannot be found.` })
    return found
  }
  const walk = async (path: string, missing: (parent: GraphFolder | null, name: string) => Promise<GraphFolder | null>): Promise<GraphFolder | null> => {
    const kept = known.get(path.toLowerCase())
    if (kept !== undefined) return kept
    let parent: GraphFolder | null = null
    for (const name of path.split('/').filter((part) => part !== '')) {
      parent = (await named(parent, name)) ?? (await missing(parent, name))
      if (parent === null) return null
    }
    if (parent !== null) known.set(path.toLowerCase(), parent)
    return parent
  }
  const find = (path: string): Promise<GraphFolder | null> => walk(path, async () => null)
  return {
    find,
    async open(path) {
      const found = await find(path)
      if (found !== null) return found
      const { value } = await client.json({ path: 'mailFolders', words: 'the list of folders', query: { ...fields, $top: '100' } }, folderPage)
      throw new ProblemError({ code: 'folder-not-found', server: client.place.server.name, folder: path, available: value.map(({ displayName }) => displayName) })
    },
    async ensure(path) {
      const found = await walk(path, create)
      if (found === null) throw new ProblemError({ code: 'folder-not-found', server: client.place.server.name, folder: path, available: [] })
      return found
    }
  }
}
