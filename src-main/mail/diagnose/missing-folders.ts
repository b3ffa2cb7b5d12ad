import type { IncomingServer } from '#contract/incoming-server.ts'

/** What a test says of the folders that the server's settings name and that are not there yet: the end of a line; '' where all are. */
export async function missingFolders({ errorFolder, afterFetch, moveTo }: Pick<IncomingServer, 'errorFolder' | 'afterFetch' | 'moveTo'>, isThere: (name: string) => Promise<boolean>): Promise<string> {
  const wanted = [errorFolder.enabled ? errorFolder.name : null, afterFetch === 'move' ? moveTo : null].filter((name) => name !== null)
  const missing: string[] = []
  for (const name of wanted) if (!(await isThere(name))) missing.push(name)
  return missing.length === 0 ? '' : `; ${missing.map((name) => `“${name}”`).join(' and ')} will be created when needed`
}
