/** A Message-ID without its angle brackets and folding. */
export const bareMessageId = (messageId: string): string => messageId.replace(/\s+/g, '').replace(/^<|>$/g, '')
