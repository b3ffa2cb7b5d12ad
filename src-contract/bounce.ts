/**
 * A delivery status report (RFC 3464): which mail it is about and how each recipient fared. `messageId` is that of the mail that was
 * sent; null where the report does not have it. `status` is an enhanced status code (RFC 3463), such as 5.1.1.
 */
export type BounceReport = { messageId: string | null; recipients: { address: string; action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'; status: string; diagnostic: string }[] }
