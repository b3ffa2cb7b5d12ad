import type { TestStep, TestVerdict } from '#contract/connection-test.ts'
import { counted, serverSaid, wordsOf } from '#contract/problem-words.ts'
import { exitStatusOf, type ExitStatus } from '../model/exit-status.ts'
import { plain, plainLines } from '../model/plain-line.ts'
import type { Asked, Core, Tools } from './command.ts'
import { watchWork } from './watch-work.ts'

/** Runs a connection test: each step as it happens, then the verdict. Exit status 0 when all is well, else by the problem. */
export async function printTest(asked: Asked, tools: Tools, core: Core, test: (workId: string) => Promise<TestVerdict>): Promise<ExitStatus> {
  const { terminal } = tools
  let place: string | undefined
  const show = (step: TestStep): Promise<void> => {
    const heading = step.alternate === undefined || step.alternate === place ? '' : `\nAlternate ${plain(step.alternate)}\n`
    place = step.alternate
    return terminal.write(asked.json ? `${JSON.stringify(stepObject(step))}\n` : `${heading}${stepLine(step)}\n`)
  }
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

/** A step as CLI.md names it: a failed one has `code`, the server's own words and `remedy`; one at the second host of an outgoing server has that as `alternate`. */
function stepObject({ step, alternate, outcome, ms, detail, problem }: TestStep) {
  const whole = { step, ...(alternate === undefined ? {} : { alternate }), outcome, ms: Math.round(ms), detail: detail === '' && problem !== null ? (serverSaid(problem) ?? wordsOf(problem).title) : detail }
  return problem === null ? whole : { ...whole, code: problem.code, title: wordsOf(problem).title, remedy: wordsOf(problem).advice }
}

function verdictObject({ verdict, failedAt, alternate, problem, sample }: TestVerdict) {
  return problem === null ? { verdict, sample } : { verdict, failedAt, ...(alternate === undefined ? {} : { alternate }), code: problem.code, title: wordsOf(problem).title, remedy: wordsOf(problem).advice, sample }
}

function stepLine(step: TestStep): string {
  const { outcome, ms, detail, ...more } = stepObject(step)
  const mark = outcome === 'ok' ? '✓' : outcome === 'warning' ? '!' : '✗'
  const line = `${mark} ${step.step.padEnd(17)} ${`${ms} ms`.padStart(8)}  ${plain(detail)}`
  return 'remedy' in more ? `${line}\n    ${plain(more.title)}\n    ${plain(more.remedy)}` : line
}

function verdictText({ verdict, alternate, problem, sample, steps }: TestVerdict): string {
  const failed = alternate === undefined ? 'The test failed.' : `The server itself works; the test of its alternate ${plain(alternate)} failed.`
  if (verdict === 'failed') return problem !== null && steps.every((step) => step.problem === null) ? `\n${failed} ${plain(wordsOf(problem).title)}\n    ${plain(wordsOf(problem).advice)}\n` : `\n${failed}\n`
  const warnings = steps.filter(({ outcome }) => outcome === 'warning').length
  const well = warnings === 0 ? 'All is well.' : `It works, with ${counted(warnings, 'warning')}.`
  if (sample === null) return `\n${well}\n`
  return `\n${well} A message from the mailbox:\n  From:    ${plain(sample.from)}\n  Subject: ${plain(sample.subject)}\n\n${plainLines(sample.text.slice(0, 1000))}\n`
}
