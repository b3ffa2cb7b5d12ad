/**
 * How a provider is made to forward a mailbox to the support address. `steps` and `notes` may hold `{address}`, where the support address
 * goes. `keepsFrom`: whether mail that it forwards by itself still names its author in From; null: its pages do not say. `sources` are the
 * provider's own pages (else it is said), `asOf` the day on which they were read.
 */
export type ForwardingGuide = {
  provider: 'google-workspace' | 'microsoft-365' | 'zoho'
  name: string
  /** Ways to do it, the best first. */
  ways: readonly { title: string; for: 'administrator' | 'user'; steps: readonly string[] }[]
  keepsFrom: boolean | null
  headers: string
  notes: readonly string[]
  sources: readonly string[]
  asOf: string
}

const asOf = '2026-11-21'
const confirmation = 'The provider sends a confirmation to {address} first. It becomes a request here: open it, and follow its link or copy its code.'

export const forwardingGuides: readonly ForwardingGuide[] = [
  {
    provider: 'google-workspace', name: 'Google Workspace (Gmail)', asOf, keepsFrom: true,
    ways: [
      {
        title: 'Redirect with an address map', for: 'administrator',
        steps: [
          'Open the Admin console and go to Apps, Google Workspace, Gmail, Routing.', 'Choose the top organizational unit, and configure “Email forwarding using recipient address map”.', 'Add a row: the address that people write to under “Address”, {address} under “Map to address”.',
          'Choose all incoming messages, and “Also route to original destination” if the mailbox is to keep a copy.', 'Save. Google says that changes can take up to a day.'
        ]
      },
      {
        title: 'Forward a single mailbox', for: 'user',
        steps: [
          'In Gmail on a computer, open the settings (“See all settings”) and the tab “Forwarding and POP/IMAP”.', 'Press “Add a forwarding address”, enter {address} and proceed.', confirmation, 'Back in the settings, choose “Forward a copy of incoming mail to” {address}, and what becomes of Gmail’s copy.', 'Save the changes.'
        ]
      }
    ],
    headers: 'From, To and Message-ID stay. A mailbox that forwards adds X-Forwarded-To and X-Forwarded-For, and the envelope sender becomes name+caf_=… of the mailbox. A Google Group may write “Ann via IT” into From; the author is then in X-Original-From.',
    notes: ['An administrator can forbid users to forward (Gmail, End User Access, “Automatic forwarding”).', 'Where a Google Group forwards, name the group’s address under “Mailboxes that forward here”.'],
    sources: ['https://support.google.com/a/answer/4524505', 'https://support.google.com/a/answer/2707558', 'https://support.google.com/mail/answer/10957', 'https://www.ajaxtower.jp/gmail/auto-forwarding/index3.html (headers, not Google’s)']
  },
  {
    provider: 'microsoft-365', name: 'Microsoft 365 (Exchange Online)', asOf, keepsFrom: true,
    ways: [
      {
        title: 'Forward a mailbox', for: 'administrator',
        steps: [
          'First allow it: in the Microsoft Defender portal, open the outbound anti-spam policy (or a new one for this mailbox alone) and set automatic forwarding to “On - Forwarding is enabled”. Left as it is, mail to other organizations is refused with 550 5.7.520.',
          'In the Microsoft 365 admin center go to Users, Active users, choose the user and open the tab “Mail”.', 'Under “Email forwarding”, press “Manage email forwarding”, switch on “Forward all emails sent to this mailbox” and enter {address}.', 'Keep “Keep a copy of forwarded email in this mailbox” on until the move is finished.',
          'Or in PowerShell: Set-Mailbox -Identity MAILBOX -ForwardingSmtpAddress {address} -DeliverToMailboxAndForward $true'
        ]
      },
      {
        title: 'Redirect by an inbox rule', for: 'user',
        steps: ['In Outlook on the web, open Settings, Mail, Rules and add a rule.', 'As condition choose “Apply to all messages”, as action “Redirect to” (not “Forward to”), and enter {address}.', 'Save. The administrator has to allow forwarding to other organizations.']
      }
    ],
    headers: 'Mailbox forwarding and “Redirect to” keep From; the envelope sender is rewritten (SRS, as in it+SRS=…@example.com) and Resent-From names the mailbox. “Forward to” sends a new message from the mailbox: Mailroom then reads the author from the forwarded text.',
    notes: ['Prefer forwarding or redirecting to “Forward to”. Where “Forward to” is used, name the mailbox under “Mailboxes that forward here”.'],
    sources: [
      'https://learn.microsoft.com/defender-office-365/outbound-spam-policies-external-email-forwarding', 'https://learn.microsoft.com/microsoft-365/admin/email/office-365-user-email-settings', 'https://techcommunity.microsoft.com/blog/exchange/sender-rewriting-scheme-srs-coming-to-office-365/607932',
      'https://knowledgebase.vuzion.cloud/help/apply-mailbox-forwarding-in-office-365 (steps, not Microsoft’s)'
    ]
  },
  {
    provider: 'zoho', name: 'Zoho Mail', asOf, keepsFrom: null,
    ways: [
      {
        title: 'Forward a user’s mailbox', for: 'administrator',
        steps: ['Open the Zoho Mail Admin Console, go to Users and choose the user.', 'Open “Mailbox Settings” and “Email Forwarding”.', 'Enter {address} and add it.', confirmation, 'Choose whether the mailbox keeps a copy; keep it until the move is finished.']
      },
      {
        title: 'Forward your own mailbox', for: 'user',
        steps: ['In Zoho Mail open Settings, “Mail Accounts”, and choose the address.', 'Under “Forwards”, enter {address}.', confirmation, 'Enter the code, and leave “Delete original mail copy” off until the move is finished.']
      }
    ],
    headers: 'Mailroom expects From to stay; Zoho’s pages say nothing of the header. Where From names the mailbox instead, name it under “Mailboxes that forward here”: the author is then taken from X-Original-From, the forwarded text or Reply-To.',
    notes: ['Zoho switches forwarding off after a permanent error, more than ten temporary ones, or a loop: native mail answers with temporary errors only while it cannot take mail.', 'A mailbox has at most three forwarding addresses of the administrator and three of the user.', 'POP accounts cannot forward.'],
    sources: ['https://www.zoho.com/mail/help/email-forwarding.html', 'https://www.zoho.com/mail/help/faq/email-forwarding1.html', 'https://help.zoho.com/portal/en/community/topic/email-forwarding-maintain-business-continuity']
  }
]

/** The guide with the support address in its place. */
export function forwardingGuideFor(guide: ForwardingGuide, supportAddress: string): ForwardingGuide {
  const filled = (text: string): string => text.replaceAll('{address}', supportAddress)
  return { ...guide, ways: guide.ways.map((way) => ({ ...way, steps: way.steps.map(filled) })), notes: guide.notes.map(filled) }
}
