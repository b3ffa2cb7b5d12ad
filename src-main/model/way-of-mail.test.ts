import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterNotTaken, afterTaken, afterUnreachable, primaryWay, type WayOfMail } from './way-of-mail.ts'

type Step = ['down' | 'answers' | 'takes', number]
/** Where mail goes next and who stands in after these steps, and whether the last one told to try again at once. */
const after = (afterFailures: number[], steps: Step[]): [hop: number, standing: number, tryAgain: boolean] => {
  let way: WayOfMail = primaryWay
  let tryAgain = false
  for (const [what, hop] of steps) {
    tryAgain = false
    if (what === 'down') ({ way, tryAgain } = afterUnreachable(way, hop, afterFailures))
    else way = what === 'takes' ? afterTaken(way, hop) : afterNotTaken(way, hop)
  }
  return [way.hop, way.standing, tryAgain]
}

const cases: [name: string, afterFailures: number[], steps: Step[], wanted: [number, number, boolean]][] = [
  ['nothing happened', [1], [], [0, 0, false]],
  ['no alternate: the mail waits', [], [['down', 0]], [0, 0, false]],
  ['the first failure is enough', [1], [['down', 0]], [1, 0, true]],
  ['two of three failures are not', [3], [['down', 0], ['down', 0]], [0, 0, false]],
  ['the third is', [3], [['down', 0], ['down', 0], ['down', 0]], [1, 0, true]],
  ['a mail that is taken between them begins the row anew', [3], [['down', 0], ['down', 0], ['takes', 0], ['down', 0]], [0, 0, false]],
  ['so does a mail that is refused: the server is up', [2], [['down', 0], ['answers', 0], ['down', 0]], [0, 0, false]],
  ['it stands in once it has taken mail', [1], [['down', 0], ['takes', 1]], [1, 1, false]],
  ['mail that was under way when another found out follows at once', [1], [['down', 0], ['down', 0]], [1, 0, true]],
  ['an alternate that answers and takes nothing is left at once', [1], [['down', 0], ['answers', 1]], [0, 0, false]],
  ['one that has taken mail is kept to', [1], [['down', 0], ['takes', 1], ['answers', 1]], [1, 1, false]],
  ['it is left in no hurry: one stumble', [1], [['down', 0], ['takes', 1], ['down', 1]], [1, 1, false]],
  ['stumbles with mail between them', [1], [['down', 0], ['takes', 1], ['down', 1], ['down', 1], ['takes', 1], ['down', 1]], [1, 1, false]],
  ['three in a row, and the server itself is asked again', [1], [['down', 0], ['takes', 1], ['down', 1], ['down', 1], ['down', 1]], [0, 1, false]],
  ['which takes the mail', [1], [['down', 0], ['takes', 1], ['down', 1], ['down', 1], ['down', 1], ['takes', 0]], [0, 0, false]],
  ['or not: each try then goes over both', [1], [['down', 0], ['takes', 1], ['down', 1], ['down', 1], ['down', 1], ['down', 0]], [1, 1, true]],
  ['and ends', [1], [['down', 0], ['takes', 1], ['down', 1], ['down', 1], ['down', 1], ['down', 0], ['down', 1]], [0, 1, false]],
  ['both down: one way after the other, and the primary stays chosen', [1], [['down', 0], ['down', 1]], [0, 0, false]],
  ['both down, three failures wanted: once counted, the next try goes over both', [3], [['down', 0], ['down', 0], ['down', 0], ['down', 1], ['down', 0]], [1, 0, true]],
  ['the alternate of the alternate', [1, 1], [['down', 0], ['down', 1]], [2, 0, true]],
  ['stands in too', [1, 1], [['down', 0], ['takes', 1], ['down', 1], ['takes', 2]], [2, 2, false]],
  ['with a patience of its own', [1, 2], [['down', 0], ['takes', 1], ['down', 1]], [1, 1, false]],
  ['all three down', [1, 1], [['down', 0], ['down', 1], ['down', 2]], [0, 0, false]],
  ['mail that was under way on a way that was left brings nobody back', [1], [['down', 0], ['takes', 1], ['takes', 0]], [1, 1, false]],
  ['and a failure on a way further down than the present one waits', [1], [['down', 0], ['down', 1], ['down', 1]], [0, 0, false]]
]

for (const [name, afterFailures, steps, wanted] of cases) test(name, () => assert.deepEqual(after(afterFailures, steps), wanted))
