import type { ExplainedStep } from '#contract/message.ts'
import { plain } from '../model/plain-line.ts'

/** What each step of the pipeline did with a message, a line each. */
export const stepsText = (steps: readonly ExplainedStep[]): string => steps.map(({ step, outcome, detail }) => `  ${step}: ${outcome}${detail === '' ? '' : `, ${plain(detail)}`}\n`).join('')
