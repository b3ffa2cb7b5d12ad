import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOfRefusal } from './words-of-refusal.ts'
import { createTranscript, redactCommand, transcriptLimits } from './transcript.ts'

const commands: [string, string][] = [
  ['A1 LOGIN ann secret', 'A1 LOGIN (hidden)'], ['A1 login "ann" "se cret"', 'A1 login (hidden)'], ['A2 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=', 'A2 AUTHENTICATE PLAIN (hidden)'],
  ['A2 AUTHENTICATE PLAIN', 'A2 AUTHENTICATE PLAIN'], ['PASS secret', 'PASS (hidden)'], ['APOP ann 0123', 'APOP (hidden)'], ['AUTH PLAIN AGFubgBzZWNyZXQ=', 'AUTH PLAIN (hidden)'],
  ['AUTH LOGIN', 'AUTH LOGIN'], ['USER ann', 'USER ann'], ['A3 SELECT INBOX', 'A3 SELECT INBOX'], ['MAIL FROM:<pass@example.com>', 'MAIL FROM:<pass@example.com>']
]
for (const [line, shown] of commands) test(`${line} is shown as ${shown}`, () => assert.equal(redactCommand(line), shown))

const conversation = (play: (transcript: NonNullable<ReturnType<typeof createTranscript>>) => void, secret = 'hunter22'): string[] => {
  const lines: string[] = []
  const transcript = createTranscript((line) => lines.push(line), secret)
  assert.ok(transcript)
  play(transcript)
  return lines
}

test('continuation lines of a sign-in are hidden until the server decides', () => {
  const lines = conversation((t) => {
    t.client('A1 AUTHENTICATE LOGIN')
    t.server('+ VXNlcm5hbWU6')
    t.client('YW5u')
    t.server('+ UGFzc3dvcmQ6')
    t.client('aHVudGVyMjI=')
    t.server('A1 OK done')
    t.client('A2 NOOP')
  })
  assert.deepEqual(lines, ['C: A1 AUTHENTICATE LOGIN', 'S: + VXNlcm5hbWU6', 'C: (hidden)', 'S: + UGFzc3dvcmQ6', 'C: (hidden)', 'S: A1 OK done', 'C: A2 NOOP'])
})

test('SMTP and POP3 sign-ins too', () => {
  const lines = conversation((t) => {
    t.client('AUTH LOGIN')
    t.server('334 VXNlcm5hbWU6')
    t.client('YW5u')
    t.server('334 UGFzc3dvcmQ6')
    t.client('c2VjcmV0')
    t.server('535 no')
    t.client('QUIT')
  })
  assert.deepEqual(lines.filter((line) => line.startsWith('C: ')), ['C: AUTH LOGIN', 'C: (hidden)', 'C: (hidden)', 'C: QUIT'])
})

test('a server that repeats the secret does not get it into the transcript', () => {
  const lines = conversation((t) => {
    t.server('-ERR wrong password hunter22')
    t.note(`tried ${Buffer.from('hunter22').toString('base64')}`)
    for (const before of ['', 'a', 'ab', 'abc']) t.server(`334 ${Buffer.from(`${before}hunter22 and more`).toString('base64')}`)
  })
  assert.equal(lines[0], 'S: -ERR wrong password •••')
  assert.ok(lines.every((line) => line.includes('•••')), lines.join('\n'))
})

test('lines are bounded, control characters are gone', () => {
  assert.equal(conversation((t) => t.server('a\u001b[31mb\u0000c'))[0], 'S: a [31mb c')
  assert.ok(conversation((t) => t.server('x'.repeat(50_000))).every((line) => line.length <= transcriptLimits.line))
})

const fetched: [string, string][] = [
  ['* 3 FETCH (UID 7 RFC822.SIZE 1234 FLAGS (\\Seen $Forwarded))', '* 3 FETCH (UID 7 RFC822.SIZE 1234 FLAGS (\\Seen $Forwarded))'],
  ['* 3 FETCH (UID 7 BODY[] "(* 5432B literal *)")', '* 3 FETCH (UID 7 BODY[] {5452 bytes})'],
  ['* 3 FETCH (UID 7 ENVELOPE ("Fri, 20 Nov 2026" "Dismissal of Ann" (("Boss" NIL "boss" "example.com")) NIL))', '* 3 FETCH (UID 7 ENVELOPE {66 bytes})'],
  ['* 3 FETCH (BODY[TEXT] "Dismissal UID 9 of \\"Ann\\"" UID 7)', '* 3 FETCH (UID 7 BODY[TEXT] {28 bytes})'],
  ['* 3 FETCH (BODY[] "Dismissal', '* 3 FETCH (BODY[] {8 bytes})'],
  ['* SEARCH 1 2 3', '* SEARCH 1 2 3']
]
for (const [line, shown] of fetched)
  test(`nothing of a message is shown: ${line.slice(0, 60)}`, () => {
    const [said = ''] = conversation((t) => t.server(line))
    assert.doesNotMatch(said, /Dismissal|Ann|boss/i)
    assert.equal(said.replace(/\{\d+ bytes\}/, '{}'), `S: ${shown}`.replace(/\{\d+ bytes\}/, '{}'))
  })

test('an error answer says why and how much it was, not what was sent', () => {
  const said = wordsOfRefusal(Buffer.from(JSON.stringify({ error: { code: 'ErrorInvalidRecipients', message: 'At least one recipient is not valid.' }, request: { subject: 'Dismissal of Ann', body: 'x'.repeat(500) } })))
  assert.match(said, /^"code":"ErrorInvalidRecipients" "message":"At least one recipient is not valid\." \{\d+ bytes\}$/)
  assert.match(wordsOfRefusal(Buffer.from('<html><head><title>502 Bad Gateway</title></head><body>POST Dismissal</body></html>')), /^502 Bad Gateway \{\d+ bytes\}$/)
  assert.equal(wordsOfRefusal(Buffer.from('Subject: Dismissal')), '{18 bytes}')
})

test('nobody listens: nothing is written', () => assert.equal(createTranscript(null, 'x'), null))
