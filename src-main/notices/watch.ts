export type WatchNeeds = {
  clock: { after(ms: number, work: () => void): () => void }
  firstAfterMs: number
  everyMs: number
  looks: readonly { what: string; look: () => Promise<unknown> }[]
  /** Writes a line into the log; it must hold no secret. */
  logWarning: (text: string) => void
}
/** Looks again and again, one thing after the other; what fails is logged and tried at the next time. */
export type Watch = { begin(): void; close(): Promise<void> }

export function createWatch({ clock, firstAfterMs, everyMs, looks, logWarning }: WatchNeeds): Watch {
  let closed = false
  let callOff = (): void => undefined
  let looking: Promise<void> = Promise.resolve()
  const lookAtAll = async (): Promise<void> => {
    for (const { what, look } of looks)
      if (!closed) await look().catch((thrown: unknown) => logWarning(`${what} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`))
  }
  const later = (ms: number): void => {
    callOff = clock.after(ms, () => {
      looking = lookAtAll().then(() => {
        if (!closed) later(everyMs)
      })
    })
  }
  return {
    begin: () => later(firstAfterMs),
    async close() {
      closed = true
      callOff()
      await looking
    }
  }
}
