import type { Problem } from './problem.ts'

/** One entry of the bell. */
export type Notice = { id: number; at: string; kind: 'connectivity-lost' | 'connectivity-back' | 'error-folder-full' | 'message-failed' | 'on-alternate' | 'mailbox-identity-changed' | 'expiry' | 'mail-loop' | 'attachments-stripped' | 'mail-returned' | 'hand-over-failing'; server: string; text: string; problem: Problem | null; read: boolean }
