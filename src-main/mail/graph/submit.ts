import { ProblemError } from '#contract/problem.ts'
import { noteWentOutWhole } from '../connection/may-have-been-done.ts'
import { readBody } from '../connection/json-answer.ts'
import type { GraphClient } from './graph-client.ts'
import type { GraphError } from './graph-problem.ts'

/**
 * Posts what sends a mail: the mail itself in MIME, or nothing where `path` names a draft. Throws ProblemError; `mayHaveBeenDone` tells of it whether the mail may have gone all the same:
 * the answer was lost, a gateway gave up on Exchange (RFC 9110 15.6.3 and 15.6.5), or the answer is a success other than 202, which a mail that is too large for MIME has been given.
 * https://learn.microsoft.com/graph/api/user-sendmail https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/3079
 */
export async function submit(client: GraphClient, path: string, mime?: Buffer): Promise<void> {
  let gateway: GraphError | null = null
  const body = mime === undefined ? {} : { headers: { 'content-type': 'text/plain' }, body: mime.toString('base64') }
  const absent = (error: GraphError): boolean => {
    if (isGateway(error)) gateway = error
    return gateway !== null
  }
  const status = await client.read({ method: 'POST', path, words: 'the mail', absent, ...body }, async (answer) => {
    // It is the status that says so; what is read besides frees the connection.
    await readBody(answer).catch((error: unknown) => client.note(`The end of the answer was lost: ${String(error)}`))
    return answer.status
  })
  if (status !== 202) throw gatewayDoubt(client, gateway, status)
}

export const isGateway = ({ status }: { status: number }): boolean => status === 502 || status === 504

/** What `submit` throws where an answer does not tell whether the mail went; `error` is the gateway's. */
export function gatewayDoubt(client: GraphClient, error: GraphError | null, status: number | null = null): ProblemError {
  const serverSaid = error === null ? (status === null ? '' : `${status} instead of 202 Accepted`) : `${error.status} ${error.code} ${error.message}`.trim()
  const doubt = new ProblemError({ code: 'mail-uncertain', server: client.place.server.name, serverSaid })
  noteWentOutWhole(doubt)
  return doubt
}
