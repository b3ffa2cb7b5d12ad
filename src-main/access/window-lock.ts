import type { Role } from '#contract/calls.ts'
import type { PinState } from '#contract/access.ts'
import type { Settings } from '#contract/settings.ts'
import type { Clock } from '../fetching/clock.ts'

export type WindowLockNeeds = { clock: Clock; settings: () => Promise<Settings>; hasPin: () => boolean; changed: () => void; reportUnexpected: (thrown: unknown, during: string) => unknown }

/** Whether the desktop window may change things. It is locked at the start, on demand, and after a while in which nobody worked at it. */
export function createWindowLock({ clock, settings, hasPin, changed, reportUnexpected }: WindowLockNeeds) {
  let open = false
  let usedAt = 0
  let usedElapsed = 0
  let limitMs = Number.POSITIVE_INFINITY
  let callOff = (): void => undefined

  const lock = (): void => {
    callOff()
    if (!open) return
    open = false
    changed()
  }
  // By the clock of the computer, which goes on while it sleeps, and by the time that runs, which nobody sets back.
  const isOver = (): boolean => clock.now() - usedAt >= limitMs || clock.elapsed() - usedElapsed >= limitMs
  const justUsed = (): void => {
    usedAt = clock.now()
    usedElapsed = clock.elapsed()
  }
  const watch = (): void => {
    callOff()
    callOff = clock.after(Math.max(1_000, usedElapsed + limitMs - clock.elapsed()), () => void follow().catch((thrown: unknown) => reportUnexpected(thrown, 'locking the window')))
  }
  /** Asks for the period again, since it may have been changed meanwhile. */
  const follow = async (): Promise<void> => {
    if (!open) return
    limitMs = (await settings()).access.lockAfterMinutes * 60_000
    if (isOver()) lock()
    else if (open) watch()
  }
  // A computer that slept does not run the timer in time: whoever comes back must find it locked.
  const isOpen = (): boolean => {
    if (open && isOver()) lock()
    return open
  }
  return {
    state: (): PinState => (!hasPin() ? 'none' : isOpen() ? 'open' : 'locked'),
    role: (): Role => (!hasPin() || isOpen() ? 'administrator' : 'support'),
    used(): void {
      if (isOpen()) justUsed()
    },
    async unlock(): Promise<void> {
      limitMs = (await settings()).access.lockAfterMinutes * 60_000
      justUsed()
      open = true
      watch()
      changed()
    },
    lock,
    follow,
    close: (): void => callOff()
  }
}
