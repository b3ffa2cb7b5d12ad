import { domainToASCII } from 'node:url'
import type { NativeMailSettings, NativeMailState } from '#contract/native-mail.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { nativeRecipient, supportAddressOf } from '../model/native-recipient.ts'
import type { ReceivedMail, SmtpReceiver, StartReceiver } from '../native-mail/receiver.ts'

export type ListeningNeeds = {
  startReceiver: StartReceiver
  accept: (mail: ReceivedMail) => Promise<void>
  /** What `state` says has changed. */
  changed: () => void
  reportUnexpected: (thrown: unknown, during: string) => void
  /** Milliseconds since 1970. */
  clock: { now(): number }
}

type Running = { settings: NativeMailSettings; receiver: SmtpReceiver }
export type Place = { supportAddress: string; host: string; port: number; name: string }

/**
 * The receiver as the settings want it. `begin` throws where it cannot listen and changes nothing then; it and `borrow` answer what puts
 * things back as they were. Calls must not overlap.
 */
export function createListening(needs: ListeningNeeds) {
  let running: Running | null = null
  let problem: Problem | null = null
  let certificateProblem: Problem | null = null
  const received = { mails: 0, refused: 0, lastAt: null as string | null }

  async function start(settings: NativeMailSettings): Promise<Running> {
    const { host, listen, port, certFile, keyFile, maxMessageSize } = settings
    const receiver = await needs.startReceiver({
      host: host ?? '', listen, port, maxMessageSize,
      certificate: certFile === null || keyFile === null ? null : { certFile, keyFile },
      recipient: (address) => nativeRecipient(comparable(address), servedBy(running?.settings ?? settings)),
      async accept(mail) {
        await needs.accept(mail)
        received.mails++
        received.lastAt = new Date(needs.clock.now()).toISOString()
        needs.changed()
      },
      refused() {
        received.refused++
        needs.changed()
      },
      certificateProblem(found) {
        certificateProblem = found
        needs.changed()
      },
      reportUnexpected: needs.reportUnexpected
    })
    certificateProblem = null
    return { settings, receiver }
  }

  async function stop(): Promise<void> {
    const before = running
    running = null
    await before?.receiver.close()
  }

  /** Two receivers cannot have one port, so the old one goes first where the place is the same, and comes back where the new one fails. */
  async function change(settings: NativeMailSettings): Promise<void> {
    const before = running
    if (before !== null && sameReceiver(before.settings, settings)) return void (running = { ...before, settings })
    const samePlace = before !== null && before.settings.listen === settings.listen && before.settings.port === settings.port
    if (samePlace) await stop()
    try {
      const started = await start(settings)
      if (!samePlace) await stop()
      running = started
      problem = null
    } catch (thrown) {
      if (samePlace) running = await start(before.settings)
      throw thrown
    }
  }

  async function begin(settings: NativeMailSettings): Promise<() => Promise<void>> {
    const before = running?.settings ?? null
    await change(settings)
    return () => (before === null ? stop() : change(before))
  }

  return {
    begin,
    /** As `begin`, for a moment, where it does not listen by itself. */
    borrow: async (settings: NativeMailSettings) => (running === null ? begin(settings) : async () => undefined),
    /** Whether it listens now; why it does not is in the state. */
    async follow(settings: NativeMailSettings): Promise<boolean> {
      try {
        await change(settings)
      } catch (thrown) {
        if (!(thrown instanceof ProblemError)) throw thrown
        problem = thrown.problem
      }
      needs.changed()
      return running !== null && problem === null
    },
    async end(because: Problem | null): Promise<void> {
      const isNews = running !== null || problem !== null || because !== null
      problem = because
      certificateProblem = null
      await stop()
      if (isNews) needs.changed()
    },
    state: (): Pick<NativeMailState, 'listening' | 'problem' | 'received'> => ({ listening: running !== null, problem: problem ?? certificateProblem, received: { ...received } }),
    /** Where this computer reaches its own receiver. */
    place: ({ listen, port, host, ...settings }: NativeMailSettings): Place =>
      ({ supportAddress: supportAddressOf({ ...settings, host }) ?? '', host: listen === '0.0.0.0' ? '127.0.0.1' : listen === '::' ? '::1' : listen, port: running?.receiver.port ?? port, name: host ?? 'localhost' })
  }
}

const parts = ['host', 'listen', 'port', 'certFile', 'keyFile', 'maxMessageSize'] as const
const sameReceiver = (one: NativeMailSettings, other: NativeMailSettings): boolean => parts.every((part) => one[part] === other[part])

function servedBy(settings: NativeMailSettings) {
  const support = supportAddressOf(settings)
  return { support: support === null ? null : comparable(support), host: settings.host === null ? null : asciiDomain(settings.host), addresses: settings.addresses.map(comparable) }
}

/** International domains come in either form (RFC 5890). */
const comparable = (address: string): string => {
  const at = address.lastIndexOf('@')
  return at < 0 ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}`
}
const asciiDomain = (domain: string): string => (domain.startsWith('[') || domain.includes(':') ? domain : domainToASCII(domain) || domain)
