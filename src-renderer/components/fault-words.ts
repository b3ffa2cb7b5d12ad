/** The words at a field: a rule's own, or plain ones where the schema library speaks for itself. */
export const faultWords = (message: string): string => {
  if (/^Invalid input: expected (?:number|int)/.test(message)) return 'Enter a whole number.'
  const bound = /^Too (small|big): expected \w+ to (?:be|have) ([<>]=?)(\d+)/.exec(message)
  if (bound) return `${bound[1] === 'small' ? 'At least' : 'At most'} ${bound[3]}.`
  return message.startsWith('Invalid input') ? 'This cannot be used here.' : message
}
