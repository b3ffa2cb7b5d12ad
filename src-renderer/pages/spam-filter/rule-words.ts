import type { SpamCondition, SpamCriterion, SpamField, SpamRule } from '#contract/spam-rule.ts'

export const fieldNames: Readonly<Record<SpamField, string>> = { sender: 'Sender', recipient: 'Recipient', subject: 'Subject', body: 'Text', header: 'Header field', size: 'Size', 'has-attachment': 'Attachment' }
export const fieldHints: Readonly<Record<SpamField, string>> = {
  sender: 'The address in From.', recipient: 'Every address in To and Cc.', subject: 'The subject, decoded.', body: 'The text of the mail.', header: 'Every header field of a name, such as X-Spam-Flag.', size: 'The whole message with its attachments.', 'has-attachment': 'Whether a file is attached.'
}

export const conditionNames: Readonly<Record<SpamCondition, string>> = {
  is: 'is', 'is-not': 'is not', contains: 'contains', 'does-not-contain': 'does not contain', 'begins-with': 'begins with', 'ends-with': 'ends with', matches: 'matches (regular expression)',
  'larger-than': 'is larger than', 'smaller-than': 'is smaller than', yes: 'is there', no: 'is not there'
}

const negative = (condition: SpamCondition): boolean => condition === 'is-not' || condition === 'does-not-contain'
const shownValues = 4

/** "Subject contains “out of office” or “not in today”". */
export const criterionWords = (criterion: SpamCriterion): string => capital(plainWords(criterion))

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
const plainWords = ({ field, header, condition, values }: SpamCriterion): string => {
  const subject = field === 'header' ? header || 'a header field' : fieldNames[field].toLowerCase()
  const verb = condition === 'matches' ? 'matches' : conditionNames[condition]
  if (field === 'has-attachment') return condition === 'yes' ? 'a file is attached' : 'no file is attached'
  const named = values.slice(0, shownValues).map((value) => (field === 'size' ? value : `“${value}”`))
  const more = values.length > shownValues ? ` … (${values.length} values)` : ''
  return `${subject} ${verb} ${named.join(negative(condition) ? ' nor ' : ' or ')}${more}`
}

/** All criteria of a rule in one sentence. */
export const ruleWords = ({ match, criteria }: SpamRule): string => capital(criteria.map(plainWords).join(match === 'all' ? ', and ' : ', or '))

/** "Rule copy", "Rule copy 2": a name that no rule has. */
export const freeName = (wanted: string, taken: readonly string[]): string => {
  const known = new Set(taken.map((name) => name.toLowerCase()))
  for (let place = 1; ; place++) {
    const suffix = place === 1 ? ' copy' : ` copy ${place}`
    const name = `${wanted.slice(0, 64 - suffix.length)}${suffix}`
    if (!known.has(name.toLowerCase())) return name
  }
}
