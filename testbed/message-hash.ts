import { hash } from 'node:crypto'

/** The same for a message in the data folder and its twin in a mailbox, which differ in their line ends alone. */
export const messageHash = (raw: Buffer): string => hash('sha256', Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))
