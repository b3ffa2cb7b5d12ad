/** One sample of the text format: name, labels and value. */
export type Sample = { name: string; labels: Record<string, string>; value: number }
export type Family = { name: string; type: string; help: string; samples: Sample[] }

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = '[a-zA-Z_][a-zA-Z0-9_]*'
const value = '(?:\\+Inf|-Inf|NaN|[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)'
const quoted = '"((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"'
const help = new RegExp(`^# HELP (${name}) (.*)$`)
const type = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary|untyped)$`)
const sample = new RegExp(`^(${name})(?:\\{((?:${label}=${quoted},?)*)\\})? (${value})(?: -?\\d+)?$`)
const pair = new RegExp(`(${label})=${quoted}(?:,|$)`, 'y')
const suffixes: Record<string, RegExp> = { histogram: /^(?:_bucket|_sum|_count)$/, summary: /^(?:|_sum|_count)$/, counter: /^$/, gauge: /^$/, untyped: /^$/ }

/**
 * Reads metrics in the text exposition format 0.0.4 as strictly as its page describes it; throws on the first line that does not fit.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function readExposition(text: string): Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line must end with a line feed')
  const families = new Map<string, Family>()
  const seen = new Set<string>()
  let current: Family | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '' || (line.startsWith('#') && !/^# (?:HELP|TYPE) /.test(line))) continue
    const [ofHelp, ofType] = [help.exec(line), type.exec(line)]
    if (ofHelp !== null) {
      current = begin(families, ofHelp[1] ?? '')
      current.help = ofHelp[2] ?? ''
    } else if (ofType !== null) {
      if (current === null || current.name !== ofType[1]) current = begin(families, ofType[1] ?? '')
      if (current.type !== '' || current.samples.length > 0) throw new Error(`TYPE comes once and before the samples: ${line}`)
      current.type = ofType[2] ?? ''
    } else {
      const read = readSample(line)
      if (current === null || !read.name.startsWith(current.name) || suffixes[current.type]?.test(read.name.slice(current.name.length)) !== true) throw new Error(`a sample of another family: ${line}`)
      const key = JSON.stringify([read.name, Object.entries(read.labels).sort()])
      if (seen.has(key)) throw new Error(`the same sample twice: ${line}`)
      seen.add(key)
      current.samples.push(read)
    }
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family)
  return [...families.values()]
}

function begin(families: Map<string, Family>, named: string): Family {
  if (families.has(named)) throw new Error(`all lines of a metric come as one group: ${named}`)
  const family: Family = { name: named, type: '', help: '', samples: [] }
  families.set(named, family)
  return family
}

function readSample(line: string): Sample {
  const found = sample.exec(line)
  if (found === null) throw new Error(`not a sample: ${line}`)
  const labels: Record<string, string> = {}
  const inside = found[2] ?? ''
  pair.lastIndex = 0
  while (pair.lastIndex < inside.length) {
    const one = pair.exec(inside)
    if (one === null) throw new Error(`labels do not fit: ${line}`)
    if (Object.hasOwn(labels, one[1] ?? '')) throw new Error(`a label twice: ${line}`)
    labels[one[1] ?? ''] = (one[2] ?? '').replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
  }
  return { name: found[1] ?? '', labels, value: Number((found[4] ?? '').replace('Inf', 'Infinity')) }
}

/** Buckets rise, the last is +Inf and equals the count. */
function checkHistogram({ name: family, samples }: Family): void {
  const series = new Map<string, Sample[]>()
  for (const one of samples.filter((each) => each.name === `${family}_bucket`)) {
    const { le, ...others } = one.labels
    if (le === undefined) throw new Error(`a bucket of ${family} without le`)
    const key = JSON.stringify(others)
    series.set(key, [...(series.get(key) ?? []), one])
  }
  for (const [key, buckets] of series) {
    const bounds = buckets.map(({ labels }) => Number((labels['le'] ?? '').replace('+Inf', 'Infinity')))
    const rises = (values: number[], strictly: boolean): boolean => values.every((one, index) => index === 0 || (strictly ? one > (values[index - 1] as number) : one >= (values[index - 1] as number)))
    const count = samples.find((one) => one.name === `${family}_count` && JSON.stringify(one.labels) === key)?.value
    if (bounds.at(-1) !== Infinity || !rises(bounds, true) || !rises(buckets.map((one) => one.value), false) || count !== buckets.at(-1)?.value) throw new Error(`buckets of ${family} ${key} do not add up`)
  }
}
