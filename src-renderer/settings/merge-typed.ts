/** What somebody typed, put together with what others stored meanwhile; `clash`: both changed the same, and what was typed is taken. */
export type Merged<Value> = { value: Value; clash: boolean }

/** Takes each field from whoever changed it since `base`. Fields are gone into; lists and single values are taken whole. */
export function mergeTyped<Value>(base: Value, typed: Value, fresh: Value): Merged<Value> {
  if (same(typed, base) || same(typed, fresh)) return { value: fresh, clash: false }
  if (same(fresh, base)) return { value: typed, clash: false }
  if (!isRecord(base) || !isRecord(typed) || !isRecord(fresh)) return { value: typed, clash: true }
  const parts = Object.keys({ ...fresh, ...typed }).map((key) => [key, mergeTyped(base[key], typed[key], fresh[key])] as const)
  return { value: Object.fromEntries(parts.map(([key, { value }]) => [key, value])) as Value, clash: parts.some(([, { clash }]) => clash) }
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
