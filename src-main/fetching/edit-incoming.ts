import type { EditManyAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Caller } from '../servers/configuration-needs.ts'
import type { createIncoming } from '../servers/incoming.ts'
import type { FetchScheduler } from './fetch-scheduler.ts'

type Needs = Pick<ReturnType<typeof createIncoming>, 'editMany'> & { scheduler: Pick<FetchScheduler, 'start' | 'stop'> }

/**
 * The call `incoming.edit-many`. With `restart` the servers that run are stopped for the change, and started again whether it went well or not; what would be
 * refused all the same stops none. Throws ProblemError as the change itself does.
 */
export const createEditIncoming = ({ editMany, scheduler }: Needs) => async ({ restart, ...order }: ParsedInput<'incoming.edit-many'>, caller: Caller): Promise<EditManyAnswer> => {
  try {
    return await editMany(order, caller)
  } catch (thrown) {
    if (!restart || !(thrown instanceof ProblemError) || thrown.problem.code !== 'server-is-running') throw thrown
  }
  const { running } = await editMany({ ...order, tryOnly: true }, caller)
  const notStarted: string[] = []
  try {
    await Promise.all(running.map((name) => scheduler.stop({ name }, caller)))
    return { ...(await editMany(order, caller)), running, notStarted }
  } finally {
    for (const name of running) await scheduler.start({ name }, caller).catch(() => void notStarted.push(name))
  }
}
