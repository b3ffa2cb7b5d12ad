/** Counts what is held at once; nobody waits for a place. */
export type Places = {
  /** Gives what frees the place, to be called once or more; null where `most` are taken. */
  take(most: number): (() => void) | null
  taken(): number
}

export function createPlaces(): Places {
  const held = new Set<symbol>()
  return {
    take(most) {
      if (held.size >= most) return null
      const place = Symbol('place')
      held.add(place)
      return () => void held.delete(place)
    },
    taken: () => held.size
  }
}
