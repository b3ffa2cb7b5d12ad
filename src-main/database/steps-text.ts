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
  'New requests by e-mail are allowed.',
  ' bytes: text, HTML, ',
  ' bytes: text, ',
  '0 attachments.',
  '1 attachment.',
  ' attachments may stay.',
  'New requests by e-mail are disabled, but ',
  ' is among the exceptions.',
  'There are no spam rules.',
  'This mailbox does not check SPF, DKIM and DMARC.',
  'There is no limit for mail of one sender.',
  'This is no report on mail that was sent.',
  'E-mail commands are switched off.',
  'The subject does not contain the identifier of e-mail commands.',
  'No answer goes out.',
  ', whom nobody here knows yet.',
  ' It was not forwarded: it is from whoever From names.',
  'No template is named, so it begins with Default.',
  'New requests of ',
  ' begin with the template ',
  'The request is there already and takes nothing from a template.',
  ' was unknown and becomes a user.',
  ' is known as a user.',
  ' The sender was unknown, and the server names no default logging analyst.',
  ' The sender is no analyst, and the server names no default logging analyst.',
  'An answer goes to ',
  'The spam rule does not match.',
  ' spam rules matches.',
  'Mail goes to ',
  ': no mail goes to ',
  'within the last hour, which looks like a loop.'
]
const exactly = new Map(phrases.map((phrase, index) => [phrase, index]))
const stepNames: readonly string[] = ['readable', 'loop-guard', 'already-seen', 'recipients', 'conversation', 'new-requests', 'attachments', 'outcome', 'sender', 'spam-filter', 'authentication', 'sender-limit', 'bounce', 'email-command', 'template', 'people', 'answers']
// One step is its name (a letter, or `=` and the name), its outcome where that is not `pass`, and its detail, with control
// characters as marks: a byte each.
const [endOfStep, endOfWord, beforeOutcome] = ['\x1e', '\x1d', '\x1c']
const oneByteCodes = 27
const control = /[\x00-\x1f\uE000-\uE0FF]/g
const firstLetter = 'A'.charCodeAt(0)

/** Steps as a short text: a hundred thousand messages have theirs in memory, and the sentences are mostly the same. */
export function writeSteps(steps: readonly ExplainedStep[]): string {
  return steps.map(({ step, outcome, detail }) => `${nameCode(step)}${outcome === 'pass' ? '' : `${beforeOutcome}${outcome}${endOfWord}`}${shortened(detail)}${endOfStep}`).join('')
}

/** The steps that `writeSteps` was given; control characters in details have become spaces. */
export function readSteps(text: string): ExplainedStep[] {
  return text.split(endOfStep).slice(0, -1).map(readStep)
}

function readStep(text: string): ExplainedStep {
  const found = /^(?:=([^\x1d]*)\x1d|(.))(?:\x1c([^\x1d]*)\x1d)?(.*)$/su.exec(text)
  const [, name, letter = '', outcome = 'pass', detail = ''] = found ?? []
  return { step: name ?? stepNames[letter.charCodeAt(0) - firstLetter] ?? '', outcome: outcome as ExplainedStep['outcome'], detail: detail.replace(control, (code) => phrases[indexOf(code)] ?? code) }
}

function nameCode(step: string): string {
  const index = stepNames.indexOf(step)
  return index < 0 ? `=${step}${endOfWord}` : String.fromCharCode(firstLetter + index)
}

function shortened(detail: string): string {
  const whole = exactly.get(detail)
  if (whole !== undefined) return codeOf(whole)
  let text = detail.replace(control, ' ')
  for (const [index, phrase] of phrases.entries()) if (text.includes(phrase)) text = text.replaceAll(phrase, codeOf(index))
  return text
}

const codeOf = (index: number): string => String.fromCharCode(index < oneByteCodes ? 1 + index : 0xe000 + index)
const indexOf = (code: string): number => (code.charCodeAt(0) >= 0xe000 ? code.charCodeAt(0) - 0xe000 : code.charCodeAt(0) - 1)
