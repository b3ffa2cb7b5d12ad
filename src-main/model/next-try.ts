const firstMs = 30_000
const longestMs = 3_600_000

/** How long to wait before the next try (milliseconds): 30 s, doubled with each try up to an hour, and up to a quarter more by `chance` (0 to 1). */
export const nextTryInMs = (tries: number, chance: number): number => Math.min(longestMs, firstMs * 2 ** Math.min(tries - 1, 20)) * (1 + chance / 4)

/** No wait is longer than this (milliseconds). */
export const longestTryMs = longestMs * 1.25
