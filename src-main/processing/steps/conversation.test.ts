import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noFindings, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import { conversation } from './conversation.ts'

const requests = [{ number: 5 }, { number: 6, status: 'closed' as const }, { number: 7, partition: 'HR' }, { number: 8, partition: '' }]
const threads = { '<five@x>': 5, '<both@x>': [7, 5], '<twice@x>': [5, 6], '<seven@x>': 7, '<gone@x>': 99 }
const answering = (inReplyTo: string, ...references: string[]): SaidOfStep => ({ content: { inReplyTo, references } })

const table: [string, SaidOfStep, number | null, RegExp][] = [
  ['nothing', { subject: 'Printer' }, null, /begins a conversation/],
  ['id in the subject', { subject: 'Re: ##RE-5## x' }, 5, /names request 5, which exists/],
  ['of a closed request', { subject: '##RE-6##' }, 6, /which exists/],
  ['the same id twice', { subject: '##RE-5## ##re-5##' }, 5, /which exists/],
  ['of no request', { subject: '##RE-99##' }, null, /Request 99 does not exist.* treated as new/],
  ['of another partition', { subject: '##RE-7##' }, null, /Request 7 belongs to another partition than IT.* treated as new/],
  ['of a request without a partition', { subject: '##RE-8##' }, 8, /which exists/],
  ['of another partition, no server named', { subject: '##RE-7##', server: null, partition: null }, 7, /which exists/],
  ['of another partition, but a reference of this one', { subject: '##RE-7##', ...answering('<five@x>') }, 5, /another partition.*refers to <five@x>, a message of request 5/],
  ['two ids decide nothing', { subject: '##RE-5## ##RE-6##' }, null, /several requests \(5, 6\), so it decides nothing.*treated as new/],
  ['two ids, then the reference', { subject: '##RE-5## ##RE-6##', ...answering('<five@x>') }, 5, /several requests.*refers to/],
  ['two ids, one of no request', { subject: '##RE-5## ##RE-99##' }, null, /several requests/],
  ['In-Reply-To', answering('<five@x>'), 5, /refers to <five@x>/],
  ['References', { content: { references: ['<five@x>', '<other@x>'] } }, 5, /refers to <five@x>/],
  ['reference to a message of another partition', answering('<seven@x>'), null, /Request 7 belongs to another partition.*treated as new/],
  ['… and one of this', answering('<seven@x>', '<five@x>'), 5, /refers to <five@x>/],
  ['reference to a mail that came to two partitions', answering('<both@x>'), 5, /refers to <both@x>, a message of request 5/],
  ['reference to an id that was used again', answering('<twice@x>'), 5, /a message of request 5/],
  ['reference to a request that is gone', answering('<gone@x>'), null, /Request 99 does not exist/],
  ['unknown reference', answering('<other@x>'), null, /None of the message/],
  ...['TA', 'SO', 'PO', 'PR', 'CO', 'CH', 'PB', 'PJ'].map((module): [string, SaidOfStep, null, RegExp] => [`module ${module}`, { subject: `##${module}-5##` }, null, new RegExp(`names ${module}-5, which is no request`)]),
  ['another module beside a request', { subject: '##CH-3## ##RE-5##' }, 5, /names CH-3, which is no request.*names request 5/],
  ['another base delimiter', { subject: '$^RE-5$^', settings: { processing: { baseDelimiter: '$^' } } }, 5, /which exists/],
  ['the usual one then means nothing', { subject: '##RE-5##', settings: { processing: { baseDelimiter: '$^' } } }, null, /begins a conversation/]
]
for (const [what, said, replyTo, detail] of table)
  test(`conversation: ${what}`, () => {
    const input = stepInput({ requests, threads, ...said })
    const answer = conversation(input, noFindings(input))
    assert.equal(answer.outcome, 'pass')
    assert.equal('found' in answer ? (answer.found?.replyTo ?? null) : null, replyTo)
    assert.match(answer.detail, detail)
  })
