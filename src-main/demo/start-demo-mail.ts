import { randomBytes } from 'node:crypto'
import { demoAccount } from '#contract/demo-account.ts'
import { answersTo } from './answer-as-people.ts'
import { demoConfiguration } from './demo-configuration.ts'
import { startDemoImap } from './demo-imap.ts'
import { demoPeople } from './demo-people.ts'
import { startDemoSmtp } from './demo-smtp.ts'
import { writeArriving, writeMailbox, type DemoMailbox } from './write-demo-mail.ts'

export type DemoMailNeeds = {
  now: () => Date
  log: { info(text: string): void }
  /** Between mails that arrive by themselves; 8,000 where it is left out. */
  arriveEveryMs?: number
}

/**
 * The demo's mail server. `configurationYaml` is a configuration file for it whose secrets are in `env`; `peopleCsv` is a file of the
 * people who write to it.
 */
export type DemoMail = {
  imapPorts: Record<DemoMailbox, number>
  smtpPort: number
  configurationYaml: string
  peopleCsv: string
  env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/**
 * Starts two IMAP mailboxes with some seventy messages and an SMTP server, all on loopback. Mail sent to it@ and hr@demo.example arrives
 * there; some of the demo's people answer what they get.
 */
export const startDemoMail = async ({ now, log, arriveEveryMs = 8_000 }: DemoMailNeeds): Promise<DemoMail> => {
  const { password } = demoAccount
  const start = now()
  const mailboxOf = (name: DemoMailbox) => startDemoImap({ user: `${name}@demo.example`, password, mails: writeMailbox(name, start), now: start })
  const mailboxes = { it: await mailboxOf('it'), hr: await mailboxOf('hr') }
  const smtp = await startDemoSmtp({
    users: demoAccount.users, password,
    deliver: (recipient, raw) => {
      const name = /^(it|hr)@demo\.example$/.exec(recipient)?.[1]
      if (name === 'it' || name === 'hr') mailboxes[name].deliver({ raw, receivedAt: now() })
      for (const { mailbox, mail } of answersTo(recipient, raw, now())) mailboxes[mailbox].deliver(mail)
    }
  })
  let turn = 0
  const arriving = setInterval(() => {
    const { mailbox, mail } = writeArriving(turn++, now())
    mailboxes[mailbox].deliver(mail)
  }, arriveEveryMs)
  arriving.unref()
  const imapPorts = { it: mailboxes.it.port, hr: mailboxes.hr.port }
  log.info(`demo mail server: IMAP on ${imapPorts.it} and ${imapPorts.hr}, SMTP on ${smtp.port}`)
  return {
    imapPorts,
    smtpPort: smtp.port,
    configurationYaml: demoConfiguration(imapPorts, smtp.port),
    peopleCsv: demoPeople,
    env: { MAILROOM_DEMO_PASSWORD: password, MAILROOM_DEMO_WRONG_PASSWORD: `old-${randomBytes(6).toString('hex')}` },
    async stop() {
      clearInterval(arriving)
      await Promise.all([mailboxes.it.stop(), mailboxes.hr.stop(), smtp.stop()])
    }
  }
}
