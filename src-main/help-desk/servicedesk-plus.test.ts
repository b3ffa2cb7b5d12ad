import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createFastClock, createHandOverRig, targetOf, until, type Happening } from '../../testbed/hand-over-rig.ts'
import { startServiceDeskPlus, type SdpServer } from '../../testbed/servicedesk-plus.ts'

const key = '6F0E1B2C-0000-4000-8000-5A5A5A5A5A5A'
const change = (action: 'edited' | 'closed' | 'picked up' | 'reopened', changes: { field: string; from: string; to: string }[]) => ({ at: '2026-11-20T09:00:00.000Z', by: 'tom@example.com', action, changes })

const desk = async (t: TestContext, times = 200) => {
  const server = await startServiceDeskPlus(key)
  const rig = createHandOverRig({ clock: createFastClock(times), chance: () => 0 })
  rig.settings.handOver = [targetOf('sdp', `${server.url}/`, { kind: 'servicedesk-plus' })]
  rig.credentials.secrets.set('hand-over/sdp', key)
  const handOver = rig.open()
  t.after(async () => {
    await handOver.close()
    await rig.database.close()
    await server.stop()
    assert.deepEqual(rig.unexpected, [])
  })
  const hand = async (happened: Happening[], wish = {}): Promise<void> => {
    await rig.happen(handOver, happened, wish)
    await until(async () => (await rig.list(handOver, { state: 'waiting' })).length === 0)
  }
  handOver.begin()
  return { ...rig, server, handOver, hand }
}
const only = ({ requests }: SdpServer) => {
  assert.equal(requests.length, 1)
  const [request] = requests
  assert.ok(request)
  return request
}
const withFile = (name = 'a"b.txt', text = 'hello'): string =>
  `From: Ann Lee <ann@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n2 < 3\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}\r\n\r\n${text}\r\n--b--\r\n`

test('A request becomes a request with its values and files', async (t) => {
  const { server, hand, list, handOver } = await desk(t)
  await hand([{ request: 1, event: 'request-created', raw: withFile() }], {
    subject: `Two\r\nlines ${'x'.repeat(300)}`, values: { priority: 'High', category: 'Hardware', impactDetails: 'All of them', technician: 'Tom', technicianEmail: 'tom@example.com', asset: 'pc-7', resolution: 'a < b', template: 'Plain', additional: { Room: '12' }, resources: { res_1: { q1: ['one', 'two'] } } }
  })
  const { fields, files, id } = only(server)
  const { description, ...rest } = fields
  assert.deepEqual(rest, {
    subject: `Two lines ${'x'.repeat(240)}`, requester: { name: 'Ann Lee', email_id: 'ann@example.com' }, status: { name: 'Open' }, priority: { name: 'High' }, category: { name: 'Hardware' },
    impact_details: 'All of them', technician: { email_id: 'tom@example.com' }, assets: [{ name: 'pc-7' }], resolution: { content: 'a &lt; b' }
  })
  assert.match(String(description), /2 &lt; 3.*Template: Plain<br>Room: 12<br>res_1\.q1: one, two.*Mailroom request 1, evt_/s)
  assert.deepEqual(files, [{ name: 'a"b.txt', size: 5, contentType: 'text/plain' }])
  assert.equal((await list(handOver))[0]?.remoteId, id)
})

for (const noteName of ['note', 'request_note'] as const)
  test(`A reply becomes a note (${noteName}), a change a change, closing closes and reopening opens`, async (t) => {
    const { server, hand } = await desk(t)
    server.noteName = noteName
    await hand([{ request: 1, event: 'request-created' }, { request: 1, event: 'reply-added', raw: withFile('c.txt') }])
    const request = only(server)
    assert.equal(request.notes.length, 1)
    assert.match(String(request.notes[0]?.['description']), /Ann Lee &lt;ann@example.com&gt; wrote.*2 &lt; 3/s)
    assert.deepEqual(request.files.map(({ name }) => name), ['c.txt'])
    await hand([{ request: 1, event: 'request-changed', change: change('edited', [{ field: 'Priority', from: '', to: 'Low' }, { field: 'Category', from: 'Hardware', to: '' }, { field: 'Room', from: '', to: '12' }, { field: 'Requester', from: 'a@example.com', to: 'bob@example.com' }]) }])
    assert.deepEqual([request.fields['priority'], request.fields['category'], request.fields['requester'], request.fields['update_reason']], [{ name: 'Low' }, null, { name: 'bob@example.com', email_id: 'bob@example.com' }, 'By tom@example.com in Mailroom'])
    await hand([{ request: 1, event: 'request-changed', change: change('closed', [{ field: 'Status', from: 'open', to: 'closed' }, { field: 'Resolution', from: '', to: 'New toner' }]) }])
    assert.deepEqual([request.fields['status'], request.fields['resolution'], request.closed], [{ name: 'Closed' }, { content: 'New toner' }, { requester_ack_resolution: false, closure_comments: 'Closed by tom@example.com in Mailroom' }])
    await hand([{ request: 1, event: 'request-changed', change: change('reopened', [{ field: 'Status', from: 'closed', to: 'open' }]) }])
    assert.deepEqual(request.fields['status'], { name: 'Open' })
    assert.equal(request.notes.length, 1)
  })

test('A reply of a request that the help desk was never told of makes it a request there', async (t) => {
  const { server, hand, settings, rung } = await desk(t)
  const targets = settings.handOver
  settings.handOver = []
  await hand([{ request: 1, event: 'request-created' }])
  settings.handOver = targets
  await hand([{ request: 1, event: 'reply-added' }, { request: 1, event: 'reply-added' }])
  assert.equal(only(server).notes.length, 1)
  assert.deepEqual(rung, [])
})

// Every call dies once, before it was heard and after it was done; what may have arrived is looked for by its mark.
for (const mishap of ['die-before', 'do-and-die', 'sign-in-page', 'limit'] as const)
  test(`Whatever call ends with ${mishap}, nothing is there twice`, async (t) => {
    const { server, hand } = await desk(t, 2_000)
    const met = new Set<string>()
    server.mishap = (call) => {
      if (met.has(call)) return 'answer'
      met.add(call)
      return mishap
    }
    await hand([{ request: 1, event: 'request-created', raw: withFile('one.txt') }, { request: 1, event: 'reply-added', raw: withFile('two.txt') }, { request: 1, event: 'request-changed', change: change('closed', [{ field: 'Status', from: 'open', to: 'closed' }]) }])
    const { notes, files, fields } = only(server)
    assert.equal(notes.length, 1)
    assert.deepEqual(files.map(({ name }) => name), ['one.txt', 'two.txt'])
    assert.deepEqual(fields['status'], { name: 'Closed' })
    assert.ok(met.size >= 6, [...met].join())
  })

test('A request with the subject of another is not taken for it', async (t) => {
  const { server, hand } = await desk(t, 2_000)
  await hand([{ request: 1, event: 'request-created' }], { subject: 'Printer' })
  let died = false
  server.mishap = (call) => (call === 'POST /api/v3/requests' && !died ? ((died = true), 'die-before') : 'answer')
  await hand([{ request: 2, event: 'request-created' }], { subject: 'Printer' })
  assert.equal(server.requests.length, 2)
})

test('A file that the help desk does not want is named in a note and holds nothing up', async (t) => {
  const { server, hand, list, handOver } = await desk(t)
  server.mishap = (call) => (call.endsWith('/upload') ? 'no-files' : 'answer')
  await hand([{ request: 1, event: 'request-created', raw: withFile('a.exe') }])
  assert.match(String(only(server).notes[0]?.['description']), /did not take the attachment a\.exe: .*not allowed/)
  assert.equal((await list(handOver))[0]?.state, 'delivered')
})

test('A wrong key and an unknown name are refused, with what the help desk says', async (t) => {
  const { hand, list, handOver, credentials } = await desk(t)
  await hand([{ request: 1, event: 'request-created' }], { values: { category: 'Gardening' } })
  credentials.secrets.set('hand-over/sdp', 'wrong')
  await hand([{ request: 2, event: 'request-created' }])
  const problems = (await list(handOver)).map(({ problem }) => (problem?.code === 'hand-over-refused' ? [problem.status, problem.final, problem.serverSaid] : null))
  assert.deepEqual(problems.map((one) => one?.slice(0, 2)), [[401, true], [400, true]])
  assert.match(String(problems[0]?.[2]), /4022/)
  assert.match(String(problems[1]?.[2]), /"field":"category"/)
  assert.equal(handOver !== null && JSON.stringify(problems).includes(key), false)
})

test('The test asks for a list and leaves no trace', async (t) => {
  const { server, handOver, settings } = await desk(t)
  const [target] = settings.handOver
  assert.ok(target)
  assert.equal((await handOver.test({ target, secret: null, workId: 'work-1234' }, { role: 'support' })).status, 200)
  assert.equal((await handOver.test({ target, secret: 'wrong', workId: 'work-1234' }, { role: 'support' })).status, 401)
  server.mishap = () => 'sign-in-page'
  assert.equal((await handOver.test({ target, secret: null, workId: 'work-1234' }, { role: 'support' })).status, 0)
  assert.deepEqual(server.heard, Array(3).fill('GET /api/v3/requests'))
  assert.deepEqual(server.requests, [])
})
