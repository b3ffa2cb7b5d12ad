import type { TestStep } from '#contract/connection-test.ts'
import type { OutgoingProtocol } from '#contract/protocols.ts'
import { healthOf } from '../delivery/health-of.ts'
import { createRoutes, type Routes, type RoutesNeeds } from '../delivery/routes.ts'
import type { OutgoingTransport } from '../mail/outgoing-transport.ts'
import type { Notify } from '../notices/notify.ts'
import type { ServerSources } from '../servers/server-sources.ts'

type Needs = Pick<RoutesNeeds, 'mayNotSend' | 'clock' | 'announce' | 'subscribe' | 'reportUnexpected'> & { sources: ServerSources; transports: Record<OutgoingProtocol, OutgoingTransport>; notify: Notify }

/** The ways of mail over the real servers; a health check connects, negotiates TLS and signs in as a connection test does. */
export const composeRoutes = ({ sources, transports, notify, ...needs }: Needs): Routes =>
  createRoutes({
    ...needs, sources, ring: (notice) => notify.ring(notice),
    async healthOf(server) {
      const steps: TestStep[] = []
      const signal = AbortSignal.timeout(Math.max(server.timeoutMs, 10_000))
      await transports[server.protocol].diagnose(server, { ...(await sources.connectionFor('outgoing', server)), signal, transcript: null, cursor: null }, (step) => void steps.push(step))
      return healthOf(server, steps)
    }
  })
