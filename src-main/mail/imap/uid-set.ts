/** A server must take command lines of 8,192 octets (RFC 7162 4.1); a set leaves room for the command around it. */
const longestSet = 7_000

/** Sequence sets (RFC 9051 9, `1:3,7`) that together hold the UIDs, ascending, each short enough for one command. Not numbers: left out. */
export function uidSets(ids: readonly string[]): string[] {
  const sets: string[] = []
  let set = ''
  for (const range of ranges(ids)) {
    if (set !== '' && set.length + 1 + range.length > longestSet) {
      sets.push(set)
      set = ''
    }
    set += set === '' ? range : `,${range}`
  }
  return set === '' ? sets : [...sets, set]
}

function ranges(ids: readonly string[]): string[] {
  const uids = [...new Set(ids.filter((id) => /^[1-9]\d{0,9}$/.test(id)).map(Number))].sort((a, b) => a - b)
  const found: string[] = []
  for (let start = 0; start < uids.length; ) {
    let end = start
    while (end + 1 < uids.length && (uids[end + 1] ?? 0) === (uids[end] ?? 0) + 1) end++
    found.push(start === end ? `${uids[start]}` : `${uids[start]}:${uids[end]}`)
    start = end + 1
  }
  return found
}
