import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCalendar } from './calendar.ts'

const event = (...lines: string[]): string => ['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')
const empty = { method: 'REQUEST', summary: '', start: null, end: null, location: '', organizer: '' }

/** RFC 5545 3.1 (folding, parameters), 3.3.11 (escapes), RFC 5546 (methods). */
const table: [string, string, Partial<typeof empty> | { start: string; end?: string } | null][] = [
  ['a summary', event('SUMMARY:Replace the printer'), { summary: 'Replace the printer' }],
  ['escapes', event('SUMMARY:a\\, b\\; c\\\\d\\ne'), { summary: 'a, b; c\\d\ne' }],
  ['a folded line', event('SUMMARY:Replace the pri', ' nter'), { summary: 'Replace the printer' }],
  ['parameters, quoted colon', event('SUMMARY;LANGUAGE=en;ALTREP="http://x.y/z;a":Hello: you'), { summary: 'Hello: you' }],
  ['names in lower case', event('summary:Hello'), { summary: 'Hello' }],
  ['time in UTC', event('DTSTART:20261124T090000Z'), { start: '20261124T090000Z' }],
  ['time with a zone', event('DTSTART;TZID=Europe/Berlin:20261124T090000'), { start: '20261124T090000 Europe/Berlin' }],
  ['a day', event('DTSTART;VALUE=DATE:20261124'), { start: '20261124' }],
  ['a duration', event('DURATION:PT1H'), { end: 'PT1H' } as never],
  ['organizer by name', event('ORGANIZER;CN="Lee, Ann":MAILTO:ann@x.y'), { organizer: 'Lee, Ann <ann@x.y>' }],
  ['organizer by address', event('ORGANIZER:mailto:ann@x.y'), { organizer: 'ann@x.y' }],
  ['an alarm within it', event('BEGIN:VALARM', 'SUMMARY:Ring', 'END:VALARM', 'SUMMARY:Event'), { summary: 'Event' }],
  ['cut off', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Hello', { method: '', summary: 'Hello' }],
  ['a task', 'BEGIN:VTODO\nSUMMARY:Do\nEND:VTODO', { method: '', summary: 'Do' }],
  ['no event', 'BEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR', null],
  ['no calendar', 'Hello', null]
]
for (const [what, source, expected] of table) test(`calendar: ${what}`, () => assert.deepEqual(readCalendar(source)?.calendar ?? null, expected === null ? null : { ...empty, ...expected }))

const words: [string, string, string][] = [
  ['invitation', event('SUMMARY:Talk', 'DTSTART:20261124T090000Z', 'DTEND:20261124T100000Z', 'LOCATION:Room 1', 'DESCRIPTION:Bring\\n\\n\\n\\ntoner'), 'Invitation: Talk\nWhen: 2026-11-24 09:00 UTC – 2026-11-24 10:00 UTC\nWhere: Room 1\n\nBring\n\ntoner'],
  ['cancelled', event('SUMMARY:Talk').replace('REQUEST', 'CANCEL'), 'Cancelled: Talk'],
  ['an answer', event('SUMMARY:Talk', 'ATTENDEE;PARTSTAT=DECLINED:mailto:ann@x.y', 'COMMENT:I am away').replace('REQUEST', 'REPLY'), 'Answer to an invitation (declined): Talk\n\nI am away'],
  ['nothing but a day', event('DTSTART;VALUE=DATE:20261124'), 'Invitation\nWhen: 2026-11-24']
]
for (const [what, source, expected] of words) test(`calendar in words: ${what}`, () => assert.equal(readCalendar(source)?.text, expected))
