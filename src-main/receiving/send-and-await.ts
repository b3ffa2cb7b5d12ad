import type { CallAnswer } from '#contract/calls.ts'
import type { SentMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { NoticeMail } from '../delivery/send-mail.ts'
import { pause, type Clock } from '../fetching/clock.ts'
import { ownMailField } from '../model/own-mail-field.ts'
import { receivedHops } from '../model/received-hops.ts'
import type { SendProbe } from '../native-mail/send-probe.ts'
import type { Works } from '../work/works.ts'
import type { Place } from './listening.ts'
import type { Probes } from './probes.ts'

export type SendProbeNeeds = {
  probes: Probes
  sendProbe: SendProbe
  /** Sends mail that is marked as our own. */
  sendNotice: (mail: NoticeMail, signal: AbortSignal) => Promise<SentMail>
  works: Works
  clock: Clock
  newId: () => string
  announce: EventListener
}

/** A mail over the own network, and one that takes the way of the world. */
const directMs = 30_000
const aroundMs = 180_000

/**
 * Sends a test mail to the support address, to the receiver itself or through an outgoing server, and waits until it was taken. It is told
 * by a word in its Message-ID or subject that nobody can guess, and becomes no request. Throws ProblemError `native-mail-not-received`, `cancelled`.
 */
export async function sendAndAwait(needs: SendProbeNeeds, { through, workId, ...place }: { through: string | null; workId: string } & Place): Promise<CallAnswer<'native-mail.test'>> {
  const { works, clock } = needs
  const cancelled = works.start(workId)
  const over = new AbortController()
  const signal = AbortSignal.any([cancelled, over.signal])
  const word = needs.newId()
  const expected = needs.probes.expect(word)
  const [startedAt, mostMs] = [clock.now(), through === null ? directMs : aroundMs]
  const waitFor = async (): Promise<never> => {
    for (let waited = 0; waited < mostMs; waited = clock.now() - startedAt) {
      needs.announce('work-progressed', { workId, done: Math.round(waited / 1000), total: mostMs / 1000, what: 'seconds' })
      await pause(clock, 1_000, signal)
      signal.throwIfAborted()
    }
    throw new ProblemError({ code: 'native-mail-not-received', afterMs: clock.now() - startedAt })
  }
  try {
    const sending = (through === null ? needs.sendProbe({ ...place, to: place.supportAddress, message: probeMessage(place, word, startedAt) }, signal) : needs.sendNotice(notice(through, place, word), signal)).then(() => expected.arrived)
    const raw = await Promise.race([sending, expected.arrived, waitFor()])
    return { ms: clock.now() - startedAt, hops: receivedHops(raw.subarray(0, 100_000).toString('latin1')).length }
  } catch (thrown) {
    throw cancelled.aborted ? new ProblemError({ code: 'cancelled' }, { cause: thrown }) : thrown
  } finally {
    over.abort()
    expected.forget()
    works.end(workId)
  }
}

const notice = (server: string, { supportAddress }: Place, word: string): NoticeMail =>
  ({ through: { server }, to: [supportAddress], subject: `Mailroom native mail test ${word}`, text: 'Sent by Mailroom to see whether mail to its own address arrives. It can be deleted.' })

function probeMessage({ supportAddress, name }: Place, word: string, at: number): string {
  return [
    `Message-ID: <${word}@${name}>`, `From: <${supportAddress}>`, `To: <${supportAddress}>`, 'Subject: Mailroom native mail test', `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `${ownMailField}: yes`, 'Auto-Submitted: auto-generated', '', 'Sent by Mailroom to see whether mail to its own address arrives.'
  ].join('\r\n')
}
