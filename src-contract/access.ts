import { z } from 'zod'
import type { Role } from './calls.ts'

/** The PIN of the desktop window: without it the window only looks. */
export const pin = z.string().min(4, 'A PIN has at least 4 characters.').max(64, 'A PIN has at most 64 characters.')

/** A token with which a person or a program reaches the headless host; the token itself is shown once, when it is made. */
export type AccessToken = { name: string; role: Role; createdAt: string; lastUsedAt: string | null; secondFactor: string | null }

/** How the window stands: `none` where no PIN is set (or in a browser), `locked` while it may only look. */
export type PinState = 'none' | 'locked' | 'open'
