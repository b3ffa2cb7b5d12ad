import { z } from 'zod'
import { incomingServerDraft } from './incoming-server.ts'
import { outgoingServerDraft } from './outgoing-server.ts'
import { tlsVersions } from './protocols.ts'

const minTlsVersion = z.enum(tlsVersions)
const { partition, fetchEveryMs, push, afterFetch, moveTo, maxMessageSize, debug, proxy } = incomingServerDraft.shape
const { senderName, replyTo, timeoutMs, block, overrideTo, embeddedImages, mostConnections, maxMailSize, whenUncertain, sentCopiesIn } = outgoingServerDraft.shape

/** What can be changed in many incoming servers at once; what is left out stays as each has it. Whether it fits is seen with each server. */
export const incomingChanges = z.strictObject({
  partition, fetchEveryMs, push, afterFetch, moveTo, maxMessageSize, stopAfter: z.int().nullable(), silenceAlert: z.boolean(), template: z.string().max(64).nullable(), proxy, minTlsVersion, debug
}).partial()
export type IncomingChanges = z.infer<typeof incomingChanges>

/** The same for outgoing servers. `alternateServer` names the server that stands in for them, null takes their alternate away; what else is set about an alternate stays. */
export const outgoingChanges = z.strictObject({
  senderName, replyTo, timeoutMs, proxy, minTlsVersion, debug, block, overrideTo, embeddedImages,
  // Their defaults are for servers: what is left out here stays as each server has it.
  mostConnections: mostConnections.unwrap(), maxMailSize: maxMailSize.unwrap(), whenUncertain: whenUncertain.unwrap(), sentCopiesIn: sentCopiesIn.unwrap(), alternateServer: z.string().max(64).nullable()
}).partial()
export type OutgoingChanges = z.infer<typeof outgoingChanges>
