import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAutomaticMail } from './is-automatic-mail.ts'

const table: [string, Record<string, string>, string, string | null][] = [
  ['personal', { subject: 'Hello' }, 'ann@example.com', null],
  ['Auto-Submitted: no', { 'auto-submitted': 'no' }, 'ann@example.com', null],
  ['Auto-Submitted: auto-replied', { 'auto-submitted': 'auto-replied (vacation)' }, 'ann@example.com', 'answer'],
  ['Auto-Submitted: auto-generated', { 'auto-submitted': 'Auto-Generated; x=y' }, 'ann@example.com', 'notification'],
  ['X-Auto-Response-Suppress alone', { 'x-auto-response-suppress': 'All' }, 'ann@example.com', null],
  ['X-Autoreply', { 'x-autoreply': 'yes' }, 'ann@example.com', 'answer'],
  ['Precedence: bulk', { precedence: 'bulk' }, 'ann@example.com', 'bulk'],
  ['Precedence: list', { precedence: 'List' }, 'ann@example.com', 'list'],
  ['Precedence: auto_reply', { precedence: 'auto_reply' }, 'ann@example.com', 'answer'],
  ['Precedence: first-class', { precedence: 'first-class' }, 'ann@example.com', null],
  ['List-Id', { 'list-id': '<l.example.com>' }, 'ann@example.com', 'list'],
  ['delivery status', { 'content-type': 'multipart/report; report-type="delivery-status"; boundary=b' }, 'x@example.com', 'bounce'],
  ['read receipt', { 'content-type': 'multipart/report; report-type=disposition-notification' }, 'ann@example.com', 'notification'],
  ['mailer daemon', {}, 'MAILER-DAEMON@example.com', 'bounce'],
  ['postmaster writing', {}, 'postmaster@example.com', null],
  ['postmaster with an empty return path', { 'return-path': '<>' }, 'postmaster@example.com', 'bounce'],
  ['empty return path', { 'return-path': ' < > ' }, 'ann@example.com', 'answer'],
  ['return path', { 'return-path': '<ann@example.com>' }, 'ann@example.com', null]
]
for (const [what, fields, from, kind] of table)
  test(`automatic mail: ${what}`, () => assert.equal(isAutomaticMail(Object.entries(fields).map(([name, value]) => ({ name, value })), from)?.kind ?? null, kind))
