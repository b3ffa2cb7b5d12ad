/** The promise's outcome, or a rejection with the signal's reason as soon as it aborts; a late outcome is let go. */
export const untilAborted = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })

/** Resolves after so long; rejects with the signal's reason when it aborts before. */
export const waitUnlessAborted = (ms: number, signal: AbortSignal): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  return untilAborted(elapsed, signal).finally(() => clearTimeout(timer))
}
