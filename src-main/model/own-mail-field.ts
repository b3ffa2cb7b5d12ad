/** Header field of the notices that the console sends: one that comes back to a mailbox is dropped. */
export const ownMailField = 'X-Mailroom-Notice'
