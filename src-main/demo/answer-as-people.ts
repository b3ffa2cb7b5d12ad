import type { DemoMail } from './demo-mail.ts'
import { writeNow, type DemoMailbox, type WrittenMail } from './write-demo-mail.ts'

export type PersonsAnswer = { mailbox: DemoMailbox; mail: WrittenMail }

/**
 * What the demo's people do about a mail that one of them got: they know the number of the request from its subject, and so their
 * e-mail commands name the right one. Mail to an applicant comes back (RFC 3464). Nobody answers anything else.
 */
export const answersTo = (recipient: string, raw: Buffer, now: Date): PersonsAnswer[] => {
  const head = raw.toString('latin1', 0, 20_000).split('\r\n\r\n')[0]?.replace(/\r\n[ \t]/g, ' ') ?? ''
  const subject = fieldOf(head, 'Subject')
  const number = /##RE-(\d+)##/.exec(subject)?.[1]
  if (number === undefined || !subject.startsWith('Received: ')) return []
  const id = (name: string): string => `<${name}.${number}.${now.getTime()}@mail.demo.example>`
  if (recipient === 'rahul.verma@mail.example') return [{ mailbox: 'hr', mail: { raw: bounceOf(recipient, head, id('bounce'), now), receivedAt: now } }]
  return commands.filter(({ about }) => subject.includes(about)).map(({ name, write }) => ({ mailbox: 'it', mail: writeNow(write(number), { mailbox: 'it', id: id(name), now }) }))
}

type Command = { name: string; about: string; write: (number: string) => Omit<DemoMail, 'minutesAgo'> }

/** A technician edits a request; a requester closes her own, and tries to pick up one of somebody else, which she may not. */
const commands: readonly Command[] = [
  {
    name: 'edit', about: 'Outlook keeps asking for my password',
    write: (number) => ({ from: 'Lars Berg', address: 'lars.berg@demo.example', subject: `@@command@@ ##RE-${number}##`, text: '$Operation=EditRequest$\n$Category=Software$\n$SubCategory=Outlook$\n$Impact=Medium$\n$Urgency=High$\n$Technician=Lars Berg$\n\nI know this one; it is the token of the old phone.\n\nLars' })
  },
  {
    name: 'close', about: 'Shared calendar does not sync',
    write: (number) => ({ from: 'Sofia Rossi', address: 'sofia.rossi@demo.example', subject: `@@command@@ ##RE-${number}##`, text: '$Operation=CloseRequest$\n\nIt came back by itself after a restart. Thank you!\n\nSofia' })
  },
  {
    name: 'pick-up', about: 'Certificate warning on the intranet',
    write: (number) => ({ from: 'Sofia Rossi', address: 'sofia.rossi@demo.example', subject: `@@command@@ ##RE-${number}##`, text: '$Operation=PickupRequest$\n\nI can do that one.\n\nSofia' })
  }
]

const fieldOf = (head: string, name: string): string => new RegExp(`^${name}: ?(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''

function bounceOf(recipient: string, head: string, id: string, now: Date): Buffer {
  const mark = '=_returned'
  const returned = ['From', 'To', 'Subject', 'Message-ID'].map((name) => `${name}: ${fieldOf(head, name)}`)
  const lines = [
    'From: Mail Delivery System <mailer-daemon@mx.mail.example>', 'To: hr@demo.example', 'Subject: Undelivered Mail Returned to Sender', `Date: ${now.toUTCString().replace('GMT', '+0000')}`, `Message-ID: ${id}`,
    'Auto-Submitted: auto-replied', 'MIME-Version: 1.0', `Content-Type: multipart/report; report-type=delivery-status; boundary="${mark}"`, '',
    `--${mark}`, 'Content-Type: text/plain; charset=us-ascii', '', 'This is the mail system at mx.mail.example.', '', `Your message to <${recipient}> could not be delivered: mailbox full.`, '',
    `--${mark}`, 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.mail.example', '', `Final-Recipient: rfc822; ${recipient}`, 'Action: failed', 'Status: 5.2.2', 'Diagnostic-Code: smtp; 552 5.2.2 Mailbox full', '',
    `--${mark}`, 'Content-Type: text/rfc822-headers', '', ...returned, '', `--${mark}--`, ''
  ]
  return Buffer.from(lines.join('\r\n'), 'latin1')
}
