import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Settings } from '#contract/settings.ts'
import { normalAddress } from './normal-address.ts'

/** Names of the outgoing servers that send as an address, and of the rules that mail it. */
export function usersOf(address: string, outgoing: readonly { server: OutgoingServerDraft }[], { alerts, requestMails }: Pick<Settings, 'alerts' | 'requestMails'>): string[] {
  const has = (addresses: readonly string[]): boolean => addresses.some((one) => normalAddress(one) === address)
  return [
    ...outgoing.filter(({ server }) => normalAddress(server.replyTo) === address).map(({ server }) => server.name),
    ...(has(alerts.applicationErrors.to) ? ['Application errors'] : []),
    ...alerts.rules.filter(({ to }) => has(to)).map(({ name }) => name),
    ...requestMails.filter(({ to }) => has(to)).map(({ name }) => name)
  ]
}
