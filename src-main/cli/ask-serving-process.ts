import type { Answer } from '#contract/bridge.ts'
import { ProblemError } from '#contract/problem.ts'
import { findServingProcess, type ServingProcess } from '../data-folder/serving-process.ts'
import type { Core, Tools } from './command.ts'
import { coreOf } from './open-core.ts'

const patienceMs = 15_000

/** Looks through the data folder itself or, where another process has it and serves it, through that one. Throws what opening throws where nobody serves it, and ProblemError `main-process-gone` where whoever served it stops answering. */
export async function lookThrough<Result>(tools: Pick<Tools, 'dataFolder' | 'withConsole'>, work: (core: Pick<Core, 'call'>) => Promise<Result>): Promise<Result> {
  try {
    return await tools.withConsole(work)
  } catch (error) {
    if (!(error instanceof ProblemError && error.problem.code === 'data-folder-in-use')) throw error
    const serving = await findServingProcess(tools.dataFolder)
    if (serving === null) throw error
    return work(coreOf({ answer: (name, input) => answerOf(serving, name, input) }))
  }
}

/** It may go away before its answer, or in the middle of it. */
async function answerOf({ port, key }: ServingProcess, name: string, input: unknown): Promise<Answer<unknown>> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/call`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` }, body: JSON.stringify({ name, input }), signal: AbortSignal.timeout(patienceMs)
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return (await response.json()) as Answer<unknown>
  } catch (error) {
    throw new ProblemError({ code: 'main-process-gone' }, { cause: error })
  }
}
