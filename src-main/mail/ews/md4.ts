/** MD4 (RFC 1320), which NTLM needs and OpenSSL 3 no longer offers. Good for nothing else. Returns 16 bytes. */
export function md4(message: Buffer): Buffer {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  message.copy(padded)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)
  for (let at = 0; at < padded.length; at += 64) mix(state, padded.subarray(at, at + 64))
  const digest = Buffer.alloc(16)
  for (const [index, word] of state.entries()) digest.writeInt32LE(word | 0, index * 4)
  return digest
}

type Round = { with: (x: number, y: number, z: number) => number; constant: number; order: readonly number[]; shifts: readonly number[] }
const rounds: readonly Round[] = [
  { with: (x, y, z) => (x & y) | (~x & z), constant: 0, order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], shifts: [3, 7, 11, 19] },
  { with: (x, y, z) => (x & y) | (x & z) | (y & z), constant: 0x5a827999, order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], shifts: [3, 5, 9, 13] },
  { with: (x, y, z) => x ^ y ^ z, constant: 0x6ed9eba1, order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], shifts: [3, 9, 11, 15] }
]

function mix(state: number[], block: Buffer): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (const round of rounds) {
    for (const [step, word] of round.order.entries()) {
      const sum = (a + round.with(b, c, d) + block.readInt32LE(word * 4) + round.constant) | 0
      const shift = round.shifts[step % 4] ?? 0
      ;[a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c]
    }
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = ((state[index] ?? 0) + value) | 0
}
