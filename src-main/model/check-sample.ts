import type { Role } from '#contract/calls.ts'
import type { TestMail } from '#contract/outgoing-server.ts'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import { sampleHtml } from '#contract/sample-mail.ts'

/**
 * Whoever may only test sends words and their frame: a page of his own or files, signed in the name of the house and to anybody, are for administrators. Throws ProblemError
 * `invalid-input` at what may not be sent.
 */
export function checkSample(role: Role, { text, html, attachments }: Pick<TestMail, 'text' | 'html' | 'attachments'>): void {
  if (role === 'administrator') return
  const issues: InputIssue[] = [
    ...(html === null || html === sampleHtml(text) ? [] : [{ path: 'mail.html', message: 'Support sends the sample, or none: HTML as typed is for administrators.' }]),
    ...(attachments.length === 0 ? [] : [{ path: 'mail.attachments', message: 'Files are for administrators to send.' }])
  ]
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
}
