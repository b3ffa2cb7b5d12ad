/** Repeatable chance (mulberry32): the same seed gives the same draws on every machine. */
export type Chance = {
  /** 0 ≤ value < 1. */
  draw(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Bytes that do not compress, `size` of them. */
  bytes(size: number): Buffer
}

export const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number): number => low + Math.floor(draw() * (high - low + 1))
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[between(0, items.length - 1)]
    if (item === undefined) throw new RangeError('Nothing to pick from.')
    return item
  }
  const bytes = (size: number): Buffer => {
    const pool = bytePool()
    const filled = Buffer.allocUnsafe(size)
    for (let at = 0; at < size; ) at += pool.copy(filled, at, between(0, pool.length - 65_536), undefined)
    return filled
  }
  return { draw, between, pick, bytes }
}

let pool: Buffer | null = null
/** 4 MB drawn once: drawing every byte of every attachment would take longer than sending it. */
function bytePool(): Buffer {
  if (pool !== null) return pool
  const filled = Buffer.allocUnsafe(4 << 20)
  let state = 0x9e3779b9
  for (let at = 0; at < filled.length; at += 4) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    filled.writeInt32LE(state, at)
  }
  pool = filled
  return filled
}
