/** Words for the status of a request, in lower case without signs between. Service desks end a request with the second group. */
const open = ['open', 'opened', 'reopen', 'reopened', 'new', 'assigned', 'inprogress', 'onhold', 'pending', 'waiting', 'active']
const closed = ['closed', 'close', 'resolved', 'resolve', 'solved', 'completed', 'complete', 'done', 'cancelled', 'canceled', 'fixed']

/** Whether a status as people write it is open or closed; null for a word that says neither. */
export function statusOfWord(word: string): 'open' | 'closed' | null {
  const plain = word.toLowerCase().replace(/[\s_-]+/g, '')
  return open.includes(plain) ? 'open' : closed.includes(plain) ? 'closed' : null
}
