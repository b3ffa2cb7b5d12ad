import { nativeMailName, nativeServerId } from './native-origin.ts'
import type { ServerSources } from '../servers/server-sources.ts'

/** Names by the ids under which mail and what became of it is kept: configured servers and native mail. */
export async function sourceNames(sources: Pick<ServerSources, 'incoming'>): Promise<Map<number, string>> {
  return new Map([...(await sources.incoming()).map(({ id, server }): [number, string] => [id, server.name]), [nativeServerId, nativeMailName]])
}

/** The id of a server, or of native mail. Throws ProblemError `not-found`. */
export const serverOf = async (sources: Pick<ServerSources, 'incomingNamed'>, name: string): Promise<number> => (name === nativeMailName ? nativeServerId : (await sources.incomingNamed(name)).id)
