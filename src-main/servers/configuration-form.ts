import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { incomingProtocols, outgoingProtocols, type ProtocolRow } from '#contract/protocols.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import type { Form, FormValue } from '../model/configuration-difference.ts'
import { printDuration, printSize } from '../model/human-units.ts'
import { incomingKeys, keysOfOtherReach, outgoingKeys, partitionKeys, settingsKeys, type GroupShape, type Shape } from './configuration-keys.ts'

/** A server as the configuration file and the history show it: all keys in their order, durations and sizes in human units. */
export const incomingForm = (server: IncomingServerDraft): Form => asReached(groupForm(incomingKeys, server), incomingProtocols[server.protocol])
export const outgoingForm = (server: OutgoingServerDraft): Form => asReached(groupForm(outgoingKeys, server), outgoingProtocols[server.protocol])
export const partitionForm = (partition: Partition): Form => groupForm(partitionKeys, partition)
export const settingsForm = (settings: Settings): Form => groupForm(settingsKeys, settings)

/** A server is named by its host or by the URL of its endpoint, never by both. */
const asReached = (form: Form, { reach }: Pick<ProtocolRow, 'reach'>): Form => Object.fromEntries(Object.entries(form).filter(([key]) => !keysOfOtherReach[reach].includes(key)))

const groupForm = (shape: GroupShape, stored: Readonly<Record<string, unknown>>): Form => {
  const entries = Object.entries(shape.keys).map(([key, of]): [string, unknown, Shape] => [key, stored[of.stored ?? key], of])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined).map(([key, value, of]) => [key, valueForm(of, value)]))
}

const valueForm = (shape: Shape, value: unknown): FormValue => {
  if (value === null) return null
  if (shape.kind === 'group') return groupForm(shape, value as Record<string, unknown>)
  if (shape.kind === 'list') return (value as unknown[]).map((item) => valueForm(shape.of, item))
  if (shape.kind === 'duration') return printDuration(value as number)
  if (shape.kind === 'size') return printSize(value as number)
  return value as string | number | boolean
}
