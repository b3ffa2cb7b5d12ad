import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificateSeen, Problem } from './problem.ts'
import { problemWords, serverSaid, wordsOf } from './problem-words.ts'

const certificate: CertificateSeen = { subject: 'CN=mail.example.com', issuer: 'CN=Example CA', names: ['mail.example.com'], validFrom: '2025-01-01T00:00:00Z', validTo: '2026-01-01T00:00:00Z', fingerprint256: 'AA:BB' }
/** Every field that any problem has, so that one object fits every code. */
const everything = {
  host: 'mail.example.com', port: 993, afterMs: 30_000, deadlineMs: 90_000, during: 'download', expected: 'IMAP', serverSaid: 'NO go away', proxy: 'http://proxy:3128', offered: ['XOAUTH2'], wanted: 'TLSv1.2', certificate, pinned: 'CC:DD', file: 'ca.pem', reason: 'it holds no certificate',
  server: 'it-support', user: 'it@example.com', folder: 'INBOX', available: ['INBOX'], before: '1', now: '2', command: 'SELECT', messages: 3, limit: 50, size: 60_000_000, depth: 200, parts: 5000, received: 100, recipients: ['ann@example.com'], sender: 'it@example.com',
  processId: 7, version: 3, supported: 1, issues: [{ path: 'incoming.0.host', message: 'Enter the server name.', line: 3 }], what: 'incoming server', name: 'it', nearest: 'it-support', by: ['IT'], call: 'incoming.save', role: 'support', reference: 'AB12CD34',
  endpoint: 'https://ews.example.com/EWS/Exchange.asmx', mailbox: 'support@example.com', right: 'FullAccess', clientId: '0000-1111', tenant: 'example.com', redirectUrl: 'http://localhost', scope: ['Mail.Send'], missing: ['Mail.Send'], granted: ['User.Read'],
  got: 'bob@example.com', url: 'https://login.example.com', flow: 'device-code', account: 'mail@project.iam.gserviceaccount.com', subject: 'ann@example.com', offByMs: 600_000, until: '2026-11-21T08:00:00Z', through: 'smtp', request: 'the listing', api: 'Gmail API', address: 'ann@example.com', target: 'desk', status: 400, final: false, answers: 10, from: 'ann@example.com',
  entry: 7, at: '2026-11-21T08:00:00Z', since: '2026-11-21T08:00:00Z', count: 3, freeBytes: 300_000_000, triesLeft: 2, waitMs: 30_000, pack: 3, hours: 72, tries: 12, waitSeconds: 42
}

for (const code of Object.keys(problemWords) as Problem['code'][])
  test(`${code} has a sentence with the cause and a next step`, () => {
    const fields = code === 'attachments-stripped' ? { ...everything, names: ['a.exe'] } : code === 'message-incomplete' || code === 'mailbox-silent' ? { ...everything, expected: 200 } : code === 'dkim-key-not-published' ? { ...everything, reason: 'There is no record at it.', record: 'v=DKIM1; p=AA.' } : code === 'tls-version-too-low' ? { ...everything, offered: 'TLSv1' } : everything
    const { title, advice } = wordsOf({ ...fields, code } as unknown as Problem)
    for (const text of [title, advice]) {
      assert.match(text, /^\S.*[.?:]$|NAME\.$/s, text)
      assert.doesNotMatch(text, /undefined|NaN|\[object|!/, text)
    }
    assert.ok(title.length <= 300 && title !== advice)
  })

const titles: [Problem, RegExp][] = [
  [{ code: 'credentials-refused', server: 's', user: 'u', serverSaid: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [x]' }, /basic authentication/],
  [{ code: 'credentials-refused', server: 's', user: 'u', serverSaid: '550 5.7.30 Basic authentication is not supported for Client Submission.' }, /basic authentication/],
  [{ code: 'credentials-refused', server: 's', user: 'u', serverSaid: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.' }, /authenticated SMTP is switched off/],
  [{ code: 'credentials-refused', server: 's', user: 'u', serverSaid: 'AUTHENTICATE failed. (status 400)' }, /refused the token/],
  [{ code: 'credentials-refused', server: 's', user: '', serverSaid: 'AUTHENTICATE failed. (status 400)' }, /^“s” refused the token\.$/],
  [{ code: 'credentials-refused', server: 's', user: '', serverSaid: '535 no' }, /^“s” refused the sign-in\.$/],
  [{ code: 'connection-refused', host: '::1', port: 143 }, /\[::1\], port 143 refused/],
  [{ code: 'connection-timed-out', host: 'h', port: 1, afterMs: 500 }, /within 500 ms/],
  [{ code: 'certificate-expired', host: 'h', port: 1, certificate }, /2026-01-01/],
  [{ code: 'message-too-large', size: 60_000_000, limit: 50_000_000 }, /60 MB.*50 MB/],
  [{ code: 'invalid-configuration', file: 'c.yaml', issues: everything.issues }, /c\.yaml has 1 fault: line 3, incoming\.0\.host: Enter/],
  [{ code: 'data-folder-in-use', folder: '/data', processId: null }, /by another process\.$/]
]
for (const [problem, words] of titles) test(`the title of ${problem.code} names what matters`, () => assert.match(wordsOf(problem).title, words))

test('the server’s words are there where it said something', () => {
  assert.equal(serverSaid({ code: 'server-busy', host: 'h', port: 1, serverSaid: '421 later' }), '421 later')
  assert.equal(serverSaid({ code: 'server-busy', host: 'h', port: 1, serverSaid: ' ' }), null)
  assert.equal(serverSaid({ code: 'vault-locked' }), null)
})
