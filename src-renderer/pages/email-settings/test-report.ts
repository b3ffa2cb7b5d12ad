import type { TestStep, TestVerdict } from '#contract/connection-test.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { stepWords, testWords } from '../../components/server-words.ts'

/** A test as text for a ticket. Steps never hold a secret; the sample message is left out, since it is somebody's mail. */
export const testReport = (title: string, steps: readonly TestStep[], verdict: TestVerdict | null): string =>
  [
    title,
    `Tested ${new Date(verdict?.at ?? Date.now()).toISOString()}`,
    '',
    ...steps.flatMap((step, index) => [
      ...(step.alternate !== undefined && step.alternate !== steps[index - 1]?.alternate ? [`Alternate ${step.alternate}`] : []),
      `${{ ok: '[ok]     ', warning: '[warning]', failed: '[failed] ' }[step.outcome]} ${stepWords[step.step].padEnd(15)} ${step.ms} ms  ${step.step === 'sample' && step.outcome === 'ok' ? 'read' : step.detail}`,
      ...(step.problem ? [`          ${wordsOf(step.problem).title} ${wordsOf(step.problem).advice}`, `          code ${step.problem.code}${serverSaid(step.problem) ? `; server said: ${serverSaid(step.problem)}` : ''}`] : [])
    ]),
    '',
    `Status: ${statusWords(verdict)}`
  ].join('\n')

export const statusWords = (verdict: TestVerdict | null): string =>
  verdict === null ? 'not finished' : testWords(verdict).replace(/^ok/, 'all steps passed')
