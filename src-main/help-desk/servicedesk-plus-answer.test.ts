import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesIn, idIn, readAnswer } from './servicedesk-plus-answer.ts'

const failed = (code: number, ...inner: number[]): object => ({ response_status: { status_code: code, status: 'failed', messages: inner.map((one) => ({ status_code: one, type: 'failed' })) } })

// https://www.manageengine.com/products/service-desk/sdpop-v3-api/getting-started/common-error-code.html
const answers: [string, number, unknown, number][] = [
  ['success', 200, { response_status: { status_code: 2000, status: 'success' } }, 200],
  ['success by another code', 201, { response_status: { status_code: 200, status: 'success' } }, 201],
  ['success of a list', 200, { response_status: [{ status_code: 2000, status: 'success' }], requests: [] }, 200],
  ['no state at all', 200, { request: { id: '1' } }, 200],
  ['a failure with 200', 200, failed(4000, 4001), 400],
  ['forbidden with 200', 200, failed(4000, 4002), 403],
  ['an internal error with 200', 200, failed(4004), 500],
  ['a server side error with 200', 200, failed(5000), 500],
  ['no such thing with 200', 200, failed(4000, 4007), 404],
  ['too many with 200', 200, failed(4000, 4015), 429],
  ['a wrong key with 200', 200, failed(4022), 401],
  ['a licence with 200', 200, failed(7001), 400],
  ['a failed list', 200, { response_status: [{ status_code: 4000, status: 'failed', messages: [] }] }, 400],
  ['an HTTP status', 503, failed(4000, 4001), 503],
  ['a list that is none of the API', 200, [], 0],
  ['nothing in it', 200, {}, 0],
  ['null', 200, null, 0]
]
for (const [what, status, value, wanted] of answers)
  test(`An answer with ${what}`, () => {
    const read = readAnswer({ status, text: JSON.stringify(value), retryAfter: null })
    assert.deepEqual([read.status, read.ok], [wanted, wanted >= 200 && wanted < 300])
  })
test('A page of HTML, and half an answer, are no answers', () => {
  for (const text of ['', '<html>', '{"request":{"id":"1"']) assert.deepEqual([readAnswer({ status: 200, text, retryAfter: null }).status], [0], text)
})

test('An id goes into a path, so that only what can be one is', () => {
  for (const [id, wanted] of [['1001', '1001'], [1001, '1001'], ['a-b', 'a-b'], ['../admin', null], ['1/close', null], ['', null], [null, null], [{}, null]] as const) assert.equal(idIn({ request: { id } }, 'request'), wanted, String(id))
})

test('Files are told with their size in one of several ways', () => {
  const attachments = [{ name: 'a', size: { value: 5, display_value: '5 B' } }, { name: 'b', size: '7' }, { file_name: 'c', size: 9 }, { name: 'd', size: '1.2 KB' }, 'e']
  assert.deepEqual(filesIn({ attachments }), [{ name: 'a', size: 5 }, { name: 'b', size: 7 }, { name: 'c', size: 9 }, { name: 'd', size: null }, { name: '', size: null }])
  assert.deepEqual(filesIn(null), [])
})
