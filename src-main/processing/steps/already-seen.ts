import type { Step } from '../step.ts'

/** The same message under another server id, or from a second copy, is taken only once. */
export const alreadySeen: Step = ({ takenBefore }) =>
  takenBefore === undefined || takenBefore === null
    ? { outcome: 'pass', detail: 'This message was not taken before.' }
    : { outcome: 'dropped', detail: takenBefore }
