import type { Problem } from './problem.ts'

/** What the bell tells of. */
export const noticeKinds = [
  'connectivity-lost', 'connectivity-back', 'error-folder-full', 'message-failed', 'on-alternate', 'mailbox-identity-changed', 'expiry', 'mail-loop', 'attachments-stripped', 'mail-returned', 'hand-over-failing',
  'mailbox-silent', 'mailbox-heard-again', 'disk-filling', 'history-broken', 'mail-waits'
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/**
 * One entry of the bell. While it is unread, what happens again of this kind at this server is counted in `repeats`; `at` and the text are then
 * those of the last time, `firstAt` is the first.
 */
export type Notice = { id: number; at: string; firstAt: string; repeats: number; kind: NoticeKind; server: string; text: string; problem: Problem | null; read: boolean }

/** What became of a test notification at one address; `problem` is null where it was taken. */
export type TestNotice = { to: string; serverSaid: string; problem: Problem | null }
