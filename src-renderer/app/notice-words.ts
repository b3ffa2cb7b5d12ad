import type { Notice, NoticeKind } from '#contract/notice.ts'
import { hashOf, withSearch } from '../components/hash-location.ts'
import type { Tone } from '../components/status-mark.tsx'

/** How each kind of notice looks, and where something can be done about it. */
const kinds: Record<NoticeKind, { tone: Tone; place: string }> = {
  'connectivity-lost': { tone: 'bad', place: 'email-settings' }, 'connectivity-back': { tone: 'good', place: 'email-settings' }, 'on-alternate': { tone: 'warning', place: 'email-settings' },
  'mailbox-identity-changed': { tone: 'warning', place: 'email-settings' }, 'error-folder-full': { tone: 'bad', place: 'error-folder' }, 'message-failed': { tone: 'warning', place: 'error-folder' },
  expiry: { tone: 'warning', place: 'expiries' }, 'mail-loop': { tone: 'warning', place: 'attachments' }, 'attachments-stripped': { tone: 'warning', place: 'attachments' }, 'mail-returned': { tone: 'warning', place: 'people' },
  'hand-over-failing': { tone: 'bad', place: 'hand-over' }, 'mailbox-silent': { tone: 'warning', place: 'email-settings' }, 'mailbox-heard-again': { tone: 'good', place: 'email-settings' },
  'disk-filling': { tone: 'bad', place: 'storage' }, 'history-broken': { tone: 'bad', place: 'history' }, 'mail-waits': { tone: 'warning', place: 'outbox' },
  'on-primary': { tone: 'good', place: 'email-settings' }, 'mail-uncertain': { tone: 'warning', place: 'outbox' }, 'mail-not-sent': { tone: 'bad', place: 'outbox' },
  'backup-made': { tone: 'good', place: 'history' }, 'access-changed': { tone: 'neutral', place: 'access' }, 'access-guessed': { tone: 'bad', place: 'access' }
}

export const toneOf = ({ kind }: Notice): Tone => kinds[kind].tone

/** The page, and there the server, that the notice is about. */
export const placeOf = ({ kind, server, problem }: Notice): string => {
  const { place } = kinds[kind]
  if (problem?.code === 'mail-returned') return withSearch(hashOf(place), { query: problem.address })
  // Where the server and the folder are looked at, and fetching is started again.
  if (kind === 'mailbox-identity-changed') return hashOf(place, 'incoming', server, 'open')
  if (kind === 'mail-waits' && server !== 'Mailroom') return withSearch(hashOf(place), { server })
  if (place === 'error-folder') return withSearch(hashOf(place), { server })
  // What stands in the way of a server is seen best in its test.
  if (kind === 'connectivity-lost' || kind === 'mailbox-silent') return server === 'Native mail' ? hashOf('native-mail') : hashOf('email-settings', 'incoming', server, 'test')
  return hashOf(place)
}
