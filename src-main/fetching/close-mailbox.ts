import type { OpenMailbox } from '../mail/incoming-transport.ts'
import type { Clock } from './clock.ts'
import { untilAborted } from './until-aborted.ts'

/** Closes a mailbox; one in trouble may not even answer its closing, so nothing waits for it longer than `limitMs`. Never rejects. */
export async function closeMailbox(mailbox: OpenMailbox, clock: Pick<Clock, 'after'>, limitMs = 5_000): Promise<void> {
  const patience = new AbortController()
  const callOff = clock.after(limitMs, () => patience.abort())
  await untilAborted(mailbox.close(), patience.signal).catch(() => undefined)
  callOff()
}
