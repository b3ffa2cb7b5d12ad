import { createOutbox, type Outbox, type OutboxNeeds } from '../delivery/outbox.ts'
import { safeHtml } from '../processing/parsing/safe-html.ts'

/** The outbox over chance; what a mail shows of itself loads nothing. */
export const composeOutbox = (needs: Omit<OutboxNeeds, 'chance' | 'safeHtml'>): Outbox => createOutbox({ ...needs, chance: Math.random, safeHtml: (html) => safeHtml(html, { remoteContent: false, cid: () => null }).html })
