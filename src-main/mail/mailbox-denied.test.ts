import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Auth } from '#contract/fields.ts'
import { mailboxDenied } from './mailbox-denied.ts'

const auth: Auth = { method: 'oauth2', user: 'ann@example.com', secret: 'keychain' }
const commands: [string, Partial<Auth>, string][] = [
  ['support@example.com', {}, "Add-MailboxPermission -Identity 'support@example.com' -User 'ann@example.com' -AccessRights FullAccess"],
  ['support@example.com', { flow: 'client-credentials' }, "Add-MailboxPermission -Identity 'support@example.com' -User '<object id of the service principal>' -AccessRights FullAccess"],
  ["o'neill$x@example.com", {}, "Add-MailboxPermission -Identity 'o''neill$x@example.com' -User 'ann@example.com' -AccessRights FullAccess"]
]
for (const [mailbox, change, command] of commands)
  test(`what opens ${mailbox}: ${command}`, () => assert.equal(mailboxDenied({ server: 'it', mailbox, auth: { ...auth, ...change }, serverSaid: 'User is authenticated but not connected.' }).command, command))
