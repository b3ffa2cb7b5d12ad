import type { Intake, TakenMessage } from './intake.ts'
import { startIntakeThread, type IntakeThread } from './intake-thread.ts'

export type IntakeNeeds = {
  /** Folder of the content store. */
  contentFolder: string
  /** 32 bytes. */
  dataKey: Buffer
  /** DNS servers (`address` or `address:port`) to ask instead of those of this computer. */
  dnsServers?: readonly string[]
  workerUrl?: URL
  /** Module with another `parseMessage`; for tests. */
  parserUrl?: URL
  /** Longest time for one message (20 s). */
  parseLimitMs?: number
  /** Bytes of messages in the thread at once (64 MB); what comes on top waits its turn. A larger batch goes alone. */
  maxBytes?: number
  now?: () => number
}

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** Starts the intake; its thread begins with the first batch. See the port for what `take` promises. */
export function createIntake(needs: IntakeNeeds): Intake {
  const maxBytes = needs.maxBytes ?? 64 << 20
  let thread: IntakeThread | null = null
  let bytes = 0
  let turns: (() => void)[] = []
  const begun = (): IntakeThread =>
    startIntakeThread({
      folder: needs.contentFolder,
      dataKey: needs.dataKey,
      workerUrl: needs.workerUrl ?? new URL(`./intake-worker.${ending}`, import.meta.url),
      parserUrl: needs.parserUrl ?? null,
      dnsServers: needs.dnsServers ?? null,
      parseLimitMs: needs.parseLimitMs ?? 20_000,
      now: needs.now ?? Date.now
    })
  const admitted = async (size: number): Promise<void> => {
    while (bytes > 0 && bytes + size > maxBytes) await new Promise<void>((resolve) => turns.push(resolve))
    bytes += size
  }
  const leave = (size: number): void => {
    bytes -= size
    const waiting = turns
    turns = []
    for (const turn of waiting) turn()
  }
  return {
    async take(raws, how = { authenticate: null }): Promise<TakenMessage[]> {
      if (raws.length === 0) return []
      const size = raws.reduce((sum, raw) => sum + raw.length, 0)
      await admitted(size)
      try {
        thread ??= begun()
        return await thread.take(raws, how.authenticate)
      } finally {
        leave(size)
      }
    },
    async retire(packs) {
      thread ??= begun()
      await thread.retire(packs)
    },
    async close() {
      await thread?.close()
      thread = null
    }
  }
}
