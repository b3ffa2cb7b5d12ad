import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forwardingGuideFor, forwardingGuides } from './forwarding-guides.ts'

test('every guide names the support address, its sources and their day, for administrators too', () => {
  assert.deepEqual(forwardingGuides.map(({ provider }) => provider), ['google-workspace', 'microsoft-365', 'zoho'])
  for (const guide of forwardingGuides) {
    const { ways, sources, asOf, notes } = forwardingGuideFor(guide, 'tarobe482@mail.example.com')
    assert.match(asOf, /^\d{4}-\d\d-\d\d$/)
    assert.ok(sources.length > 1 && sources.every((source) => /^https:\/\/\S+(?: \(.+\))?$/.test(source)), sources.join(' '))
    assert.ok(ways.some((way) => way.for === 'administrator'))
    for (const { title, steps } of ways) assert.ok(steps.some((step) => step.includes('tarobe482@mail.example.com')), `${guide.name}: ${title}`)
    assert.ok(![...ways.flatMap(({ steps }) => steps), ...notes].some((text) => text.includes('{')))
  }
})
