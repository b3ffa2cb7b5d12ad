/** The technical text of something thrown: name, message and stack, with its causes. Secrets are the caller's to take out. */
export function describeException(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const own = thrown.stack ?? `${thrown.name}: ${thrown.message}`
  return thrown.cause === undefined || depth > 10 ? own : `${own}\ncaused by: ${describeException(thrown.cause, depth + 1)}`
}
