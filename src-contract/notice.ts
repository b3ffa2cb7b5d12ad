import type { Problem } from './problem.ts'

/** What the bell tells of. */
export const noticeKinds = [
  'connectivity-lost', 'connectivity-back', 'error-folder-full', 'message-failed', 'on-alternate', 'mailbox-identity-changed', 'expiry', 'mail-loop', 'attachments-stripped', 'mail-returned', 'hand-over-failing',
  'mailbox-silent', 'mailbox-heard-again', 'disk-filling', 'history-broken', 'mail-waits'
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** One entry of the bell. */
export type Notice = { id: number; at: string; kind: NoticeKind; server: string; text: string; problem: Problem | null; read: boolean }
