/** An answer in Graph's error format: https://learn.microsoft.com/graph/errors */
export class GraphError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export const graphErrorBody = (code: string, message: string): { error: unknown } => ({ error: { code, message, innerError: { date: new Date().toISOString().slice(0, 19), 'request-id': '00000000-0000-0000-0000-000000000001', 'client-request-id': '00000000-0000-0000-0000-000000000001' } } })
export const invalid = (message: string): GraphError => new GraphError(400, 'ErrorInvalidRequest', message)
export const notFound = (): GraphError => new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
