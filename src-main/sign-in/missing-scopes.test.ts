import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingScopes } from '../model/missing-scopes.ts'
import { wantsRefreshToken } from './wants-refresh-token.ts'

test('what is missing of the scopes asked for', () => {
  const rows: [provider: 'microsoft' | 'google' | 'other', asked: string[], granted: string[], missing: string[]][] = [
    ['microsoft', ['https://outlook.office365.com/IMAP.AccessAsUser.All', 'offline_access'], ['https://outlook.office.com/IMAP.AccessAsUser.All', 'openid'], []],
    ['microsoft', ['https://graph.microsoft.com/Mail.ReadWrite', 'https://graph.microsoft.com/Mail.Send'], ['mail.readwrite', 'openid'], ['https://graph.microsoft.com/Mail.Send']],
    ['microsoft', ['https://graph.microsoft.com/Mail.ReadWrite'], [], []],
    ['microsoft', ['https://outlook.office365.com/.default'], ['IMAP.AccessAsApp'], []],
    ['google', ['https://mail.google.com/'], ['https://www.googleapis.com/auth/gmail.send'], ['https://mail.google.com/']],
    ['google', ['https://www.googleapis.com/auth/gmail.modify', 'https://www.googleapis.com/auth/gmail.send'], ['https://mail.google.com/'], []],
    ['google', ['https://www.googleapis.com/auth/gmail.modify', 'https://www.googleapis.com/auth/gmail.send'], ['https://www.googleapis.com/auth/gmail.modify'], ['https://www.googleapis.com/auth/gmail.send']],
    ['other', ['mail', 'urn:example:mail'], ['mail'], ['urn:example:mail']],
    ['other', ['https://a.example/mail'], ['https://b.example/mail'], ['https://a.example/mail']]
  ]
  for (const [provider, scope, granted, missing] of rows) assert.deepEqual(missingScopes({ provider, scope }, granted), missing, `${provider} ${scope.join(' ')}`)
})

test('who has to give a refresh token', () => {
  assert.equal(wantsRefreshToken({ provider: 'microsoft', flow: 'interactive', scope: [] }), true)
  assert.equal(wantsRefreshToken({ provider: 'microsoft', flow: 'client-credentials', scope: [] }), false)
  assert.equal(wantsRefreshToken({ provider: 'other', flow: 'device-code', scope: ['mail'] }), false)
  assert.equal(wantsRefreshToken({ provider: 'other', flow: 'device-code', scope: ['mail', 'offline_access'] }), true)
})
