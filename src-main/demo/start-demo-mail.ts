import { randomBytes } from 'node:crypto'
import { demoAccount } from '#contract/demo-account.ts'
import { startDemoImap } from './demo-imap.ts'
import { startDemoSmtp } from './demo-smtp.ts'
import { writeArriving, writeMailbox, type DemoMailbox } from './write-demo-mail.ts'

export type DemoMailNeeds = {
  now: () => Date
  log: { info(text: string): void }
  /** Between mails that arrive by themselves; 8,000 where it is left out. */
  arriveEveryMs?: number
}

/**
 * The demo's mail server. `configurationYaml` is a configuration file for it whose secrets are in `env`: partitions IT and HR, two
 * mailboxes that work, one whose password is wrong, a draft, and an outgoing server.
 */
export type DemoMail = {
  imapPorts: Record<DemoMailbox, number>
  smtpPort: number
  configurationYaml: string
  env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** Starts two IMAP mailboxes with some sixty messages and an SMTP server, all on loopback. Mail sent to it@ and hr@demo.example arrives there. */
export const startDemoMail = async ({ now, log, arriveEveryMs = 8_000 }: DemoMailNeeds): Promise<DemoMail> => {
  const { password } = demoAccount
  const start = now()
  const mailboxOf = (name: DemoMailbox) => startDemoImap({ user: `${name}@demo.example`, password, mails: writeMailbox(name, start), now: start })
  const mailboxes = { it: await mailboxOf('it'), hr: await mailboxOf('hr') }
  const smtp = await startDemoSmtp({
    user: 'it@demo.example', password,
    deliver: (recipient, raw) => {
      const name = /^(it|hr)@demo\.example$/.exec(recipient)?.[1]
      if (name === 'it' || name === 'hr') mailboxes[name].deliver({ raw, receivedAt: now() })
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
    configurationYaml: configuration(imapPorts, smtp.port),
    env: { MAILROOM_DEMO_PASSWORD: password, MAILROOM_DEMO_WRONG_PASSWORD: `old-${randomBytes(6).toString('hex')}` },
    async stop() {
      clearInterval(arriving)
      await Promise.all([mailboxes.it.stop(), mailboxes.hr.stop(), smtp.stop()])
    }
  }
}

const configuration = (imap: Record<DemoMailbox, number>, smtp: number): string => `version: 1
partitions:
  - { name: IT, outgoing: main, default: true }
  - { name: HR, outgoing: main }
incoming:
  - name: it-support
    partition: IT
    protocol: imap
    host: 127.0.0.1
    port: ${imap.it}
    security: none
    auth: { method: password, user: it@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    addresses: [it@demo.example]
    fetchEvery: 10s
    enabled: true
  - name: hr-desk
    partition: HR
    protocol: imap
    host: 127.0.0.1
    port: ${imap.hr}
    security: none
    auth: { method: password, user: hr@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    addresses: [hr@demo.example]
    fetchEvery: 10s
    enabled: true
  - name: facilities
    partition: IT
    protocol: imap
    host: 127.0.0.1
    port: ${imap.it}
    security: none
    auth: { method: password, user: facilities@demo.example, secret: "env:MAILROOM_DEMO_WRONG_PASSWORD" }
    fetchEvery: 30s
    push: false
    enabled: true
  - name: travel-desk
    partition: IT
    protocol: pop3
    host: ""
    port: 995
    security: tls
    auth: { method: password, user: travel@demo.example, secret: keychain }
    draft: true
outgoing:
  - name: main
    protocol: smtp
    host: 127.0.0.1
    port: ${smtp}
    security: none
    auth: { method: password, user: it@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    senderName: IT Support
    replyTo: it@demo.example
`
