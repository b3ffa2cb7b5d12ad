import type { Problem } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { LookAroundNeeds } from '../dashboard/look-around.ts'
import type { DataFolder } from '../data-folder/open-data-folder.ts'
import type { Clock } from '../fetching/clock.ts'
import type { Log } from '../log/create-log.ts'

/** What the core is built on: an open data folder, its key, and what the host hears and is told. */
export type CoreNeeds = {
  host: 'desktop' | 'browser'
  folder: DataFolder
  credentials: CredentialStore
  dataKey: Buffer
  env: Readonly<Record<string, string | undefined>>
  log: Log
  announce: EventListener
  subscribe: (listener: EventListener) => () => void
  sendingClock: Clock
  versions: () => string
  state: LookAroundNeeds['state']
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}
