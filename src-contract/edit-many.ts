import { z } from 'zod'
import { incomingServerDraft } from './incoming-server.ts'
import { outgoingServerDraft } from './outgoing-server.ts'
import { tlsVersions } from './protocols.ts'

const minTlsVersion = z.enum(tlsVersions)
const { partition, fetchEveryMs, push, afterFetch, moveTo, maxMessageSize, debug, proxy } = incomingServerDraft.shape
const { senderName, timeoutMs, block } = outgoingServerDraft.shape

/** What can be changed in many incoming servers at once; what is left out stays as each has it. Whether it fits is seen with each server. */
export const incomingChanges = z.strictObject({
  partition, fetchEveryMs, push, afterFetch, moveTo, maxMessageSize, stopAfter: z.int().nullable(), silenceAlert: z.boolean(), template: z.string().max(64).nullable(), proxy, minTlsVersion, debug
}).partial()
export type IncomingChanges = z.infer<typeof incomingChanges>

/** The same for outgoing servers. */
export const outgoingChanges = z.strictObject({ senderName, timeoutMs, proxy, minTlsVersion, debug, block }).partial()
export type OutgoingChanges = z.infer<typeof outgoingChanges>
