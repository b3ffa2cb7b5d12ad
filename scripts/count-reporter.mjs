/** A reporter of node:test that writes one line of JSON: what passed, failed and was left out, over all files, and why it was left out. */
export default async function* countTests(events) {
  const reasons = new Set()
  let counts = null
  for await (const { type, data } of events) {
    if (type === 'test:pass' && typeof data.skip === 'string' && data.skip !== '') reasons.add(data.skip)
    if (type === 'test:summary' && data.file === undefined) counts = data.counts
  }
  const { passed = 0, failed = 0, cancelled = 0, skipped = 0, todo = 0 } = counts ?? { failed: 1 }
  yield `${JSON.stringify({ passed, failed: failed + cancelled, skipped: skipped + todo, reasons: [...reasons] })}\n`
}
