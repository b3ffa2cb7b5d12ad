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
  ['Auto-Submitted with a comment before it (RFC 3834 5)', { 'auto-submitted': '(by robot) auto-replied' }, 'ann@example.com', 'answer'],
  ['Auto-Submitted: no with a comment', { 'auto-submitted': '(a person) no' }, 'ann@example.com', null],
  ['Auto-Submitted: auto-notified (RFC 5436 2.7.1)', { 'auto-submitted': 'auto-notified; owner-email="me@example.com"' }, 'ann@example.com', 'notification'],
  ['an extension keyword (RFC 3834 5.1)', { 'auto-submitted': 'x-something' }, 'ann@example.com', 'notification'],
  ['Precedence: junk', { precedence: 'junk' }, 'ann@example.com', 'bulk'],
  ['List-Unsubscribe (RFC 2369)', { 'list-unsubscribe': '<mailto:leave@example.com>' }, 'news@example.com', 'list'],
  ['List-Post: NO (RFC 2369 3.4)', { 'list-post': 'NO' }, 'news@example.com', 'list'],
  ['List-Archive', { 'list-archive': '<https://example.com>' }, 'ann@example.com', 'list'],
  ['owner- of a list (RFC 5230 4.6)', {}, 'owner-users@example.com', 'list'],
  ['-request of a list (RFC 3834 2)', {}, 'users-REQUEST@example.com', 'list'],
  ['LISTSERV (RFC 5230 4.6)', {}, 'LISTSERV@example.com', 'list'],
  ['majordomo (RFC 5230 4.6)', {}, 'majordomo@example.com', 'list'],
  ['a person whose name ends alike', {}, 'mcowner@example.com', null],
  ['X-Loop', { 'x-loop': 'bot@example.com' }, 'ann@example.com', 'notification'],
  ['X-Failed-Recipients of Exim', { 'x-failed-recipients': 'gone@example.com' }, 'mail@example.com', 'bounce'],
  ['a delayed report (RFC 3464)', { 'content-type': 'multipart/report; report-type=delivery-status', 'auto-submitted': 'auto-replied' }, 'postmaster@example.com', 'bounce'],
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
