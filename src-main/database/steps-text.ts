import type { ExplainedStep } from '#contract/message.ts'

// Sentences that come with nearly every message, in the order of their codes. One may be added at the end; none may be changed or
// taken out, or what was written would read differently.
const phrases: readonly string[] = [
  'This message was not taken before.',
  'Nothing shows that this is automatic mail.',
  'No mailbox is named, so every recipient is taken.',
  'The mailbox names no addresses, so every recipient is taken.',
  'The message begins a conversation: its subject names no request, and it answers no message.',
  'It belongs to a request, so it may always come in.',
  'No mailbox is named, so new requests are allowed.',
  'The message is added to request ',
  'A new request is made: ',
  'The message has ',
  ' It is automatic mail, so no answer goes out.',
  ' It is taken, but not answered.',
  ', none of the addresses of this mailbox; other recipients are taken.',
  'It refers to ',
  ', a message of request ',
  'The subject names request ',
  ', which exists.',
  ' It is treated as new.',
  'Addressed to ',
  'The message has no attachments.',
  'The attachment may stay.',
  ' attachments may stay.',
  'New requests by e-mail are allowed.',
  'New requests by e-mail are disabled, but ',
  ' is among the exceptions.',
  ' bytes: text, HTML, ',
  ' bytes: text, ',
  '0 attachments.',
  '1 attachment.'
]
const stepNames: readonly string[] = ['readable', 'loop-guard', 'already-seen', 'recipients', 'conversation', 'new-requests', 'attachments', 'outcome']
const firstCode = 0xe000
const codes = /[\uE000-\uE0FF]/g

/** Steps as a short text: a hundred thousand messages have theirs in memory, and the sentences are mostly the same. */
export function writeSteps(steps: readonly ExplainedStep[]): string {
  return JSON.stringify(steps.map(({ step, outcome, detail }) => {
    const name = stepNames.indexOf(step)
    const row = [name < 0 ? step : name, shortened(detail)]
    return outcome === 'pass' ? row : [...row, outcome]
  }))
}

/** The steps that `writeSteps` was given. */
export function readSteps(text: string): ExplainedStep[] {
  const rows = JSON.parse(text) as [number | string, string, ExplainedStep['outcome']?][]
  return rows.map(([step, detail, outcome = 'pass']) => ({ step: typeof step === 'number' ? (stepNames[step] ?? '') : step, outcome, detail: detail.replace(codes, (code) => phrases[code.charCodeAt(0) - firstCode] ?? code) }))
}

function shortened(detail: string): string {
  let text = detail.replace(codes, '\uFFFD')
  for (const [index, phrase] of phrases.entries()) if (text.includes(phrase)) text = text.replaceAll(phrase, String.fromCharCode(firstCode + index))
  return text
}
