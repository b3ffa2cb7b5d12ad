/**
 * A reporter of node:test that prints what each transport keeps: a line for each promise, a column for each transport. A dash stands where a
 * protocol, its TLS or its sign-in has no such thing by design, so that nothing is registered there.
 */
export default async function* promises(events) {
  const places = new Map()
  const kept = new Map()
  const columns = []
  const failures = []
  for await (const { type, data } of events) {
    if (data.file === undefined || data.nesting === undefined) continue
    if (type === 'test:start') places.set(data.file, [...(places.get(data.file) ?? []).slice(0, data.nesting), data.name])
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite' || data.nesting === 0) continue
    const [transport = ''] = places.get(data.file) ?? []
    const promise = [...(places.get(data.file) ?? []).slice(1, data.nesting), data.name].join(': ')
    if (!columns.includes(transport)) columns.push(transport)
    if (!kept.has(promise)) kept.set(promise, new Map())
    const skipped = data.skip !== undefined && data.skip !== false
    kept.get(promise).set(transport, skipped ? 'skip' : type === 'test:pass' ? 'kept' : 'BROKEN')
    if (type === 'test:fail') failures.push(`${transport} · ${promise}`)
  }
  const promising = (beginning) => columns.filter((name) => [...kept].some(([promise, by]) => promise.startsWith(beginning) && by.has(name)))
  yield* table('Incoming', promising('messages: '), kept)
  yield* table('Outgoing', promising('a mail: arrives'), kept)
  yield failures.map((failure) => `broken: ${failure}\n`).join('')
}

function* table(direction, columns, all) {
  const kept = [...all].filter(([, by]) => columns.some((name) => by.has(name)))
  yield `\n${direction}\n${columns.map((name, index) => `${String(index + 1).padStart(3)}  ${name}`).join('\n')}\n\n`
  yield `| promise |${columns.map((_name, index) => ` ${index + 1} |`).join('')}\n|---|${columns.map(() => '---|').join('')}\n`
  for (const [promise, by] of kept) yield `| ${promise} |${columns.map((name) => ` ${by.get(name) === 'kept' ? '✓' : (by.get(name) ?? '–')} |`).join('')}\n`
  const count = (what) => kept.reduce((sum, [, by]) => sum + columns.filter((name) => by.get(name) === what).length, 0)
  yield `\n${kept.length} promises, ${columns.length} transports: ${count('kept')} kept, ${count('BROKEN')} broken, ${count('skip')} left out because a program is missing.\n`
}
