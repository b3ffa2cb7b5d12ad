import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPushDesk } from './push-desk.ts'

test('announcements reach whoever began to wait at the address, and nobody after it ended', async () => {
  let count = 0
  const desk = createPushDesk({ publicUrl: async () => 'https://desk.example.com/mail/', newId: () => `id-${++count}` })
  const heard: unknown[] = []
  const begun = await desk.begin((one) => heard.push(one))
  assert.deepEqual([begun?.url, begun?.secret], ['https://desk.example.com/mail/announcements/id-1', 'id-2'])
  assert.deepEqual([desk.receive('id-1', 'a'), desk.receive('id-2', 'b')], [true, false])
  begun?.end()
  assert.equal(desk.receive('id-1', 'c'), false)
  assert.deepEqual(heard, ['a'])
})

test('without a public address nothing can be announced', async () => {
  assert.equal(await createPushDesk({ publicUrl: async () => null, newId: () => 'x' }).begin(() => undefined), null)
})
