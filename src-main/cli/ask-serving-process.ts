import type { Answer } from '#contract/bridge.ts'
import { ProblemError } from '#contract/problem.ts'
import { findServingProcess } from '../data-folder/serving-process.ts'
import type { Core, Tools } from './command.ts'
import { coreOf } from './open-core.ts'

const patienceMs = 15_000

/** The calls of the process that serves the data folder, as far as it answers them here; null where none does. Throws ProblemError `main-process-gone` when it stops answering. */
export async function askServingProcess(dataFolder: string): Promise<Pick<Core, 'call'> | null> {
  const serving = await findServingProcess(dataFolder)
  if (serving === null) return null
  const answer = async (name: string, input: unknown): Promise<Answer<unknown>> => {
    const response = await fetch(`http://127.0.0.1:${serving.port}/call`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${serving.key}` }, body: JSON.stringify({ name, input }), signal: AbortSignal.timeout(patienceMs)
    }).catch((error: unknown) => {
      throw new ProblemError({ code: 'main-process-gone' }, { cause: error })
    })
    if (!response.ok) throw new ProblemError({ code: 'main-process-gone' })
    return (await response.json()) as Answer<unknown>
  }
  return coreOf({ answer })
}

/** Looks through the data folder itself or, where another process has it and serves it, through that one. Throws what opening throws where nobody serves it. */
export async function lookThrough<Result>(tools: Pick<Tools, 'dataFolder' | 'withConsole'>, work: (core: Pick<Core, 'call'>) => Promise<Result>): Promise<Result> {
  try {
    return await tools.withConsole(work)
  } catch (error) {
    if (!(error instanceof ProblemError && error.problem.code === 'data-folder-in-use')) throw error
    const serving = await askServingProcess(tools.dataFolder)
    if (serving === null) throw error
    return work(serving)
  }
}
