import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Step } from '../step.ts'

/** A message that could not be read, or that names nobody who sent it, ends in the error folder. */
export const readable: Step = ({ parsed }) => {
  const problem: Problem | null = parsed.problem ?? (parsed.content.from === null ? { code: 'message-without-sender' } : null)
  if (problem !== null) return { outcome: 'error', detail: wordsOf(problem).title, problem }
  const { text, html, attachments } = parsed.content
  const parts = [text.trim() === '' ? 'no text' : 'text', ...(html === null ? [] : ['HTML']), attachments.length === 1 ? '1 attachment' : `${attachments.length} attachments`]
  return { outcome: 'pass', detail: `The message has ${parsed.size} bytes: ${parts.join(', ')}.` }
}
