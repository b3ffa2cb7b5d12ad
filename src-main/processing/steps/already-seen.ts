import type { Step } from '../step.ts'

/** The same message under another server id, or from a second copy, is taken only once. A trial tells how it ended where it may end otherwise now. */
export const alreadySeen: Step = ({ takenBefore, endedBefore }) => {
  if (takenBefore) return { outcome: 'dropped', detail: takenBefore }
  return { outcome: 'pass', detail: endedBefore ? `${endedBefore} What follows is decided anew.` : 'This message was not taken before.' }
}
