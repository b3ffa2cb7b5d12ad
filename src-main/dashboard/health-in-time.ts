import type { Health } from '#contract/health.ts'
import { healthWithout } from './look-at-health.ts'

export type HealthInTimeNeeds = {
  /** null while the credential store is locked: there is no core to ask. */
  look: () => Promise<Health> | null
  clock: { now(): number; after(ms: number, work: () => void): () => void }
  /** Logs what went wrong while looking. */
  report: (thrown: unknown) => void
  mostMs?: number
}

/** Answers within a second, whatever the core does: a core that is too busy, or broken, is `not-answering`. Never throws. */
export const createHealthInTime = ({ look, clock, report, mostMs = 1_000 }: HealthInTimeNeeds) => (): Promise<Health> => {
  const looking = look()
  if (looking === null) return Promise.resolve(healthWithout('vault-locked', clock.now()))
  return new Promise((resolve) => {
    const callOff = clock.after(mostMs, () => resolve(healthWithout('not-answering', clock.now())))
    looking.then(resolve, (thrown: unknown) => {
      report(thrown)
      resolve(healthWithout('not-answering', clock.now()))
    }).finally(callOff)
  })
}
