import type { Socket } from 'node:net'
import type { Attempt, Destination } from './destination.ts'
import { dial } from './dial.ts'
import { throughProxy } from './proxy.ts'

/**
 * A TCP connection to the destination, through its proxy where it has one. Every address of the name is tried, both families (RFC 8305).
 * Rejects with the socket's own error, CONNECT_TIMEOUT, or ProblemError (`proxy-failed`, `cancelled`).
 */
export async function openTcp(to: Pick<Destination, 'host' | 'port' | 'proxy' | 'proxyPassword'>, attempt: Attempt): Promise<Socket> {
  return to.proxy === null ? dial(to.host, to.port, attempt) : throughProxy({ setting: to.proxy, password: to.proxyPassword }, to, attempt)
}
