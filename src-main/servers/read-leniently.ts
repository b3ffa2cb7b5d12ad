import type { z } from 'zod'
import { incomingServerDraft, newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer, outgoingServerDraft, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { partition as partitionSchema, settings as settingsSchema, type Partition, type Settings } from '#contract/settings.ts'

/**
 * What was stored, as this version knows it: keys that an older version did not have get what a new server starts with, keys and values
 * that only another version understands are left out. Saving writes it that way.
 */
export const storedIncomingServer = (stored: IncomingServerDraft): IncomingServerDraft => {
  const parsed = incomingServerDraft.safeParse(stored)
  return parsed.success ? parsed.data : lenient(incomingServerDraft, stored, newIncomingServer(stored.protocol, stored.partition), stored)
}

export const storedOutgoingServer = (stored: OutgoingServerDraft): OutgoingServerDraft => {
  const parsed = outgoingServerDraft.safeParse(stored)
  return parsed.success ? parsed.data : lenient(outgoingServerDraft, stored, newOutgoingServer(stored.protocol), stored)
}

export const storedPartition = (stored: Partition): Partition => lenient(partitionSchema, stored, {}, stored)

export const storedSettings = (stored: unknown): Settings => lenient(settingsSchema, isGroup(stored) ? stored : {}, {}, settingsSchema.parse({}))

type Group = Record<string, unknown>
const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

const over = (template: Group, stored: Group): Group =>
  Object.entries(stored).reduce((merged: Group, [key, value]) => {
    const below = template[key]
    return { ...merged, [key]: isGroup(value) && isGroup(below) ? over(below, value) : value }
  }, template)

/** Enough for a document that is strange in every key. */
const mostAttempts = 20

const lenient = <Value>(schema: z.ZodType<Value>, stored: Group, template: Group, otherwise: Value): Value => {
  let rest: unknown = stored
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const parsed = schema.safeParse(over(template, isGroup(rest) ? rest : {}))
    if (parsed.success) return parsed.data
    // From the end, so that the places of a list stay what they are until they are looked at.
    for (const issue of parsed.error.issues.toReversed())
      rest = issue.code === 'unrecognized_keys' ? issue.keys.reduce((less, key) => without(less, [...issue.path, key]), rest) : without(rest, presentPath(rest, issue.path))
  }
  return otherwise
}

/** The path of the fault, or of the nearest thing around it where something is missing. */
const presentPath = (value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] => {
  let below = value
  for (const [depth, key] of path.entries()) {
    if (typeof below !== 'object' || below === null || !Object.hasOwn(below, key)) return path.slice(0, depth)
    below = (below as Record<PropertyKey, unknown>)[key]
  }
  return path
}

/** A document without what stands at a path. */
const without = (value: unknown, [key, ...deeper]: readonly PropertyKey[]): unknown => {
  if (Array.isArray(value)) return deeper.length === 0 ? value.filter((_, index) => index !== key) : value.map((item, index) => (index === key ? without(item, deeper) : item))
  if (!isGroup(value) || typeof key !== 'string' || !Object.hasOwn(value, key)) return value
  const { [key]: found, ...others } = value
  return deeper.length === 0 ? others : { ...others, [key]: without(found, deeper) }
}
