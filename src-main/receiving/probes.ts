/** Test mails that are waited for, each told by a word in its header that nobody can guess. */
export type Probes = {
  /** Resolves with the message when it comes. */
  expect(word: string): { arrived: Promise<Buffer>; forget(): void }
  /** Whether a message is a test mail; then it is handed over and must not become a request. */
  take(raw: Buffer): boolean
}

export function createProbes(): Probes {
  const expected = new Map<string, (raw: Buffer) => void>()
  return {
    expect(word) {
      const arrived = new Promise<Buffer>((resolve) => expected.set(word, resolve))
      return { arrived, forget: () => void expected.delete(word) }
    },
    take(raw) {
      if (expected.size === 0) return false
      const header = headerOf(raw)
      for (const [word, hand] of expected) {
        if (!header.includes(word)) continue
        expected.delete(word)
        hand(raw)
        return true
      }
      return false
    }
  }
}

function headerOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  return raw.subarray(0, Math.min(end < 0 ? raw.length : end, 100_000)).toString('latin1')
}
