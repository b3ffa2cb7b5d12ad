import type { ParsedInput } from '#contract/calls.ts'
import type { TestNotice } from '#contract/notice.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Delivery } from '../delivery/send-mail.ts'
import type { Works } from '../work/works.ts'

/** The call `notices.send-test`: one mail to each, at once and not by the outbox, so that the answer says what became of it. Throws ProblemError `cancelled`. */
export const createSendTestNotice = ({ sendNotice, works }: { sendNotice: Delivery['sendNotice']; works: Works }) =>
  async ({ to, partition, workId }: ParsedInput<'notices.send-test'>): Promise<TestNotice[]> => {
    const signal = works.start(workId)
    try {
      const outcomes: TestNotice[] = []
      for (const one of to) outcomes.push(await sendOne(one, signal))
      return outcomes
    } finally {
      works.end(workId)
    }

    async function sendOne(address: string, within: AbortSignal): Promise<TestNotice> {
      try {
        const { serverSaid, refused } = await sendNotice({ through: { partition: partition ?? '' }, to: [address], subject: 'Mailroom: a test notification', text: 'This is a test. Notifications of Mailroom reach you.\n' }, within)
        const [refusal] = refused
        return refusal === undefined ? { to: address, serverSaid, problem: null } : { to: address, serverSaid: '', problem: { code: 'recipient-refused', server: '', recipients: [address], serverSaid: refusal.serverSaid } }
      } catch (thrown) {
        if (!(thrown instanceof ProblemError) || thrown.problem.code === 'cancelled') throw thrown
        return { to: address, serverSaid: '', problem: thrown.problem }
      }
    }
  }
