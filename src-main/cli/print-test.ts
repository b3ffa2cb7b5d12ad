import type { TestStep, TestVerdict } from '#contract/connection-test.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { exitStatusOf, type ExitStatus } from '../model/exit-status.ts'
import { plain, plainLines } from '../model/plain-line.ts'
import type { Asked, Core, Tools } from './command.ts'
import { watchWork } from './watch-work.ts'

/** Runs a connection test: each step as it happens, then the verdict. Exit status 0 when all is well, else by the problem. */
export async function printTest(asked: Asked, tools: Tools, core: Core, test: (workId: string) => Promise<TestVerdict>): Promise<ExitStatus> {
  const { terminal } = tools
  const show = (step: TestStep): Promise<void> => terminal.write(asked.json ? `${JSON.stringify(stepObject(step))}\n` : `${stepLine(step)}\n`)
  let written = Promise.resolve()
  let count = 0
  const verdict = await watchWork(core, tools, test, (name, detail) => {
    if (name !== 'test-step-happened' || !('step' in detail) || !('outcome' in detail.step)) return
    const { step } = detail
    count++
    written = written.then(() => show(step))
  })
  await written
  // An announcement may come after the answer: what is missing is taken from the verdict.
  for (const step of verdict.steps.slice(count)) await show(step)
  await terminal.write(asked.json ? `${JSON.stringify(verdictObject(verdict))}\n` : verdictText(verdict))
  return statusOf(verdict)
}

/** The test was made: whatever it found, the request was right. */
function statusOf({ verdict, problem }: TestVerdict): ExitStatus {
  const status = problem === null ? (verdict === 'ok' ? 0 : 1) : exitStatusOf(problem.code)
  return status === 2 ? 1 : status
}

/** A step as CLI.md names it: a failed one has `code`, the server's own words and `remedy`. */
function stepObject({ step, outcome, ms, detail, problem }: TestStep) {
  const whole = { step, outcome, ms: Math.round(ms), detail: detail === '' && problem !== null ? (serverSaid(problem) ?? wordsOf(problem).title) : detail }
  return problem === null ? whole : { ...whole, code: problem.code, title: wordsOf(problem).title, remedy: wordsOf(problem).advice }
}

function verdictObject({ verdict, failedAt, problem, sample }: TestVerdict) {
  return problem === null ? { verdict, sample } : { verdict, failedAt, code: problem.code, title: wordsOf(problem).title, remedy: wordsOf(problem).advice, sample }
}

function stepLine(step: TestStep): string {
  const { outcome, ms, detail, ...more } = stepObject(step)
  const mark = outcome === 'ok' ? '✓' : outcome === 'warning' ? '!' : '✗'
  const line = `${mark} ${step.step.padEnd(17)} ${`${ms} ms`.padStart(8)}  ${plain(detail)}`
  return 'remedy' in more ? `${line}\n    ${plain(more.title)}\n    ${plain(more.remedy)}` : line
}

function verdictText({ verdict, problem, sample, steps }: TestVerdict): string {
  if (verdict === 'failed') return problem !== null && steps.every((step) => step.problem === null) ? `\nThe test failed. ${plain(wordsOf(problem).title)}\n    ${plain(wordsOf(problem).advice)}\n` : '\nThe test failed.\n'
  if (sample === null) return '\nAll is well.\n'
  return `\nAll is well. A message from the mailbox:\n  From:    ${plain(sample.from)}\n  Subject: ${plain(sample.subject)}\n\n${plainLines(sample.text.slice(0, 1000))}\n`
}
