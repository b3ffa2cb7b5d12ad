/**
 * Where a fault strikes: after so many bytes of a direction, or at the nth occurrence of a text, plus `later` bytes of that direction. An
 * occurrence of a command (`UID MOVE`) is struck where it begins in its line, a text from the server right after its end.
 */
export type FaultAim = { side: 'to-server' | 'to-client'; afterBytes: number } | { side: 'to-server' | 'to-client'; text: string; nth?: number; later?: number }

/** Watches one direction. `look` answers where in the chunk the fault strikes, or null; `tag` is the IMAP tag of the command that was hit. */
export function createFaultAim(aim: FaultAim): { side: FaultAim['side']; look(chunk: Buffer): number | null; tag(): string } {
  if ('afterBytes' in aim) return { side: aim.side, look: countDown(aim.afterBytes), tag: () => '' }
  let line = ''
  let left = aim.nth ?? 1
  let count: ((chunk: Buffer) => number | null) | null = null
  let tag = ''
  const look = (chunk: Buffer): number | null => {
    if (count !== null) return count(chunk)
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      line = byte === 10 ? '' : (line + String.fromCharCode(byte)).slice(-200)
      if (!line.endsWith(aim.text) || --left > 0) continue
      tag = /^(\S+) /.exec(line)?.[1] ?? ''
      if ((aim.later ?? 0) === 0) return aim.side === 'to-client' ? at + 1 : Math.max(0, at + 1 - line.length)
      count = countDown(aim.later ?? 0)
      const rest = count(chunk.subarray(at + 1))
      return rest === null ? null : at + 1 + rest
    }
    return null
  }
  return { side: aim.side, look, tag: () => tag }
}

function countDown(bytes: number): (chunk: Buffer) => number | null {
  let left = bytes
  return (chunk) => {
    if (left <= chunk.length) return left
    left -= chunk.length
    return null
  }
}
