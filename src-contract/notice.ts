import type { Problem } from './problem.ts'

/** What the bell tells of. */
export const noticeKinds = [
  'connectivity-lost', 'connectivity-back', 'error-folder-full', 'message-failed', 'on-alternate', 'mailbox-identity-changed', 'expiry', 'mail-loop', 'attachments-stripped', 'mail-returned', 'hand-over-failing',
  'mailbox-silent', 'mailbox-heard-again', 'disk-filling', 'history-broken', 'mail-waits', 'on-primary', 'mail-uncertain', 'mail-not-sent', 'backup-made', 'access-changed', 'access-guessed'
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What notifications are about, for switching their mail on and off and choosing its server. */
export const noticeCategories = ['mail-flow', 'high-availability', 'security', 'backup', 'performance', 'two-factor'] as const
export type NoticeCategory = (typeof noticeCategories)[number]
export const categoryTitles: Readonly<Record<NoticeCategory, string>> = { 'mail-flow': 'Mail flow', 'high-availability': 'High availability', security: 'Security', backup: 'Backup', performance: 'Performance', 'two-factor': 'Second factor' }
export const categoryOf: Readonly<Record<NoticeKind, NoticeCategory>> = {
  'connectivity-lost': 'mail-flow', 'connectivity-back': 'mail-flow', 'error-folder-full': 'mail-flow', 'message-failed': 'mail-flow', 'mailbox-identity-changed': 'mail-flow', 'mail-loop': 'mail-flow',
  'attachments-stripped': 'mail-flow', 'mail-returned': 'mail-flow', 'hand-over-failing': 'mail-flow', 'mailbox-silent': 'mail-flow', 'mailbox-heard-again': 'mail-flow', 'mail-uncertain': 'mail-flow', 'mail-not-sent': 'mail-flow',
  'on-alternate': 'high-availability', 'on-primary': 'high-availability', expiry: 'security', 'history-broken': 'security', 'access-changed': 'security', 'access-guessed': 'security', 'backup-made': 'backup',
  'disk-filling': 'performance', 'mail-waits': 'performance'
}

/**
 * One entry of the bell. While it is unread, what happens again of this kind at this server is counted in `repeats`; `at` and the text are then
 * those of the last time, `firstAt` is the first.
 */
export type Notice = { id: number; at: string; firstAt: string; repeats: number; kind: NoticeKind; server: string; text: string; problem: Problem | null; read: boolean }

/** What became of a test notification at one address; `problem` is null where it was taken. */
export type TestNotice = { to: string; serverSaid: string; problem: Problem | null }
