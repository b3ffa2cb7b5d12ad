import type { Problem } from './problem.ts'

/** What the door answers: plain data, never a thrown error. */
export type Answer<Output> = { ok: true; value: Output } | { ok: false; problem: Problem }

/** What the preload puts on `window.mailroom`, and what the browser host's page builds for itself over HTTP. */
export type Bridge = {
  call(name: string, input: unknown): Promise<Answer<unknown>>
  /** Returns the function that ends the subscription. */
  onEvent(listener: (name: string, detail: unknown) => void): () => void
}

/** IPC channels of the desktop host. */
export const channels = { call: 'mailroom:call', event: 'mailroom:event' } as const
