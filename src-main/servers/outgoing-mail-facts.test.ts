import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { partition, settings } from '#contract/settings.ts'
import { outgoingMailFacts } from './outgoing-mail-facts.ts'

const domains: [replyTo: string, domain: string][] = [['it@Example.COM', 'example.com'], ['it@bücher.example', 'xn--bcher-kva.example'], ['', 'mailroom.invalid'], ['it@our company>', 'mailroom.invalid']]
for (const [replyTo, domain] of domains)
  test(`the right side of Message-IDs of mail that goes out as ${JSON.stringify(replyTo)} is ${domain}`, () => {
    const server = { ...newOutgoingServer('smtp'), name: 'main', replyTo }
    assert.equal(outgoingMailFacts({ incoming: [], outgoing: [{ server }], partitions: [partition.parse({ name: 'IT', outgoing: 'main', default: true })], settings: settings.parse({}) }, 'IT').domain, domain)
  })
