import type { NoticeKind } from '#contract/notice.ts'

/** What a notification rule can be about, in the groups in which they are chosen. */
export const eventGroups: readonly { title: string; events: readonly { kind: NoticeKind; words: string }[] }[] = [
  { title: 'Fetching', events: [
    { kind: 'connectivity-lost', words: 'A server cannot be reached or refuses the sign-in' }, { kind: 'connectivity-back', words: 'A server is reached again' },
    { kind: 'mailbox-silent', words: 'No mail comes where it usually does' }, { kind: 'mailbox-heard-again', words: 'Mail comes again' }, { kind: 'mailbox-identity-changed', words: 'A mailbox was rebuilt or replaced' }
  ] },
  { title: 'Messages', events: [
    { kind: 'message-failed', words: 'A message could not be processed' }, { kind: 'error-folder-full', words: 'The error folder is full and fetching has stopped' }, { kind: 'mail-loop', words: 'A mail loop was broken' },
    { kind: 'mail-returned', words: 'Mail was returned as undeliverable' }, { kind: 'attachments-stripped', words: 'Attachments were taken off' }
  ] },
  { title: 'Sending and handing over', events: [
    { kind: 'on-alternate', words: 'Mail goes through an alternate server' }, { kind: 'on-primary', words: 'Mail goes through the primary server again' }, { kind: 'mail-waits', words: 'Mail cannot be sent for an hour' }, { kind: 'mail-not-sent', words: 'A mail was refused or given up' }, { kind: 'mail-uncertain', words: 'Nobody can say whether a mail arrived' }, { kind: 'hand-over-failing', words: 'A help desk does not take requests' }
  ] },
  { title: 'The console', events: [
    { kind: 'expiry', words: 'A secret, certificate or sign-in comes to an end' }, { kind: 'disk-filling', words: 'The disk of the data folder is filling' }, { kind: 'history-broken', words: 'The history is not as it was written' },
    { kind: 'backup-made', words: 'A backup was made' }, { kind: 'access-changed', words: 'A token or the PIN was added, changed or taken away' }, { kind: 'access-guessed', words: 'Somebody guesses tokens, PINs or codes' }
  ] }
]

const all = new Map(eventGroups.flatMap(({ events }) => events.map(({ kind, words }) => [kind, words])))
export const eventWords = (kind: NoticeKind): string => all.get(kind) ?? kind
