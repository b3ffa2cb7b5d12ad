/** Header field of the notices that the console sends: one that comes back to a mailbox is dropped; with `ownCode` as its value it stays there for a person to read. */
export const ownMailField = 'X-Mailroom-Notice'
export const ownCode = 'code'
