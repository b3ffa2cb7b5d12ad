import type { MessageContent } from '#contract/message.ts'

type Calendar = NonNullable<MessageContent['calendar']>
type Line = { name: string; parameters: Map<string, string>; value: string }
/** A meeting and a text about it for a mail that has no other. */
export type CalendarPart = { calendar: Calendar; text: string }

const longest = 500_000
const meanings: Record<string, string> = { REQUEST: 'Invitation', CANCEL: 'Cancelled', REPLY: 'Answer to an invitation', COUNTER: 'Proposal of another time', ADD: 'Further dates', REFRESH: 'Question for the latest version', PUBLISH: 'Event', DECLINECOUNTER: 'The proposed time was declined' }
const answers: Record<string, string> = { ACCEPTED: 'accepted', DECLINED: 'declined', TENTATIVE: 'accepted tentatively', DELEGATED: 'delegated' }

/** The first event, task or journal entry of an iCalendar object (RFC 5545, methods of RFC 5546); null where there is none. */
export function readCalendar(source: string): CalendarPart | null {
  const lines = contentLines(source.slice(0, longest))
  const begin = lines.findIndex(({ name, value }) => name === 'BEGIN' && /^V(?:EVENT|TODO|JOURNAL)$/i.test(value.trim()))
  if (begin === -1) return null
  const fields = componentAt(lines, begin)
  const field = (name: string): Line | undefined => fields.find((line) => line.name === name)
  const text = (name: string): string => unescape(field(name)?.value ?? '').trim()
  const organizer = field('ORGANIZER')
  const calendar: Calendar = {
    method: (lines.slice(0, begin).find(({ name }) => name === 'METHOD')?.value ?? '').trim().toUpperCase().slice(0, 40),
    summary: text('SUMMARY'),
    start: timeOf(field('DTSTART')),
    end: timeOf(field('DTEND') ?? field('DUE') ?? field('DURATION')),
    location: text('LOCATION'),
    organizer: organizer === undefined ? '' : personOf(organizer)
  }
  return { calendar, text: describe(calendar, text('DESCRIPTION'), text('COMMENT'), field('ATTENDEE')?.parameters.get('PARTSTAT') ?? '') }
}

/** Properties of the component itself, without those of alarms within it. */
function componentAt(lines: readonly Line[], begin: number): Line[] {
  const fields: Line[] = []
  let depth = 0
  for (const line of lines.slice(begin + 1)) {
    if (line.name === 'BEGIN') depth++
    else if (line.name === 'END' && depth-- === 0) break
    else if (line.name !== 'END' && depth === 0) fields.push(line)
  }
  return fields
}

/** RFC 5545 3.1: a line that begins with white space goes on; parameters stand before the first colon outside of quotes. */
function contentLines(source: string): Line[] {
  const lines: Line[] = []
  for (const text of source.replace(/\r\n?/g, '\n').replace(/\n[ \t]/g, '').split('\n')) {
    const found = /^([A-Za-z0-9-]{1,60})((?:;[A-Za-z0-9-]{1,60}=(?:"[^"\n]*"|[^";:,\n]*)(?:,(?:"[^"\n]*"|[^";:,\n]*))*)*):(.*)$/s.exec(text.slice(0, 100_000))
    if (found === null) continue
    const parameters = new Map((found[2] ?? '').split(/;(?=[A-Za-z0-9-]+=)/).filter((one) => one.includes('=')).map((one): [string, string] => [one.slice(0, one.indexOf('=')).toUpperCase(), one.slice(one.indexOf('=') + 1).replaceAll('"', '')]))
    lines.push({ name: (found[1] as string).toUpperCase(), parameters, value: found[3] ?? '' })
    if (lines.length >= 20_000) break
  }
  return lines
}

/** RFC 5545 3.3.11. */
const unescape = (value: string): string => value.replace(/\\([nN,;\\:"])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))

/** The time as written, with its time zone where one is named. */
function timeOf(line: Line | undefined): string | null {
  const value = line?.value.trim() ?? ''
  const zone = line?.parameters.get('TZID') ?? ''
  return value === '' ? null : zone === '' ? value : `${value} ${zone}`
}

function personOf({ parameters, value }: Line): string {
  const address = value.trim().replace(/^mailto:/i, '')
  const name = unescape(parameters.get('CN') ?? '').trim()
  return name === '' || name === address ? address : address.includes('@') ? `${name} <${address}>` : name
}

function describe(calendar: Calendar, description: string, comment: string, answer: string): string {
  const kind = meanings[calendar.method] ?? 'Event'
  const said = Object.hasOwn(answers, answer.toUpperCase()) && calendar.method === 'REPLY' ? ` (${answers[answer.toUpperCase()]})` : ''
  const times = [calendar.start, calendar.end].filter((time) => time !== null).map(readable)
  const facts = [`${kind}${said}: ${calendar.summary}`.replace(/: $/, ''), times.length === 0 ? '' : `When: ${times.join(' – ')}`, calendar.location === '' ? '' : `Where: ${calendar.location}`, calendar.organizer === '' ? '' : `Organizer: ${calendar.organizer}`]
  return [facts.filter((fact) => fact !== '').join('\n'), description, comment].filter((part) => part !== '').join('\n\n').replace(/\n{3,}/g, '\n\n')
}

/** `20261120T090000Z` as 2026-11-20 09:00 UTC; a duration stays as written. */
function readable(time: string): string {
  const found = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?(?: (.+))?$/.exec(time)
  if (found === null) return time
  const [, year, month, day, hour, minute, , utc, zone] = found
  return `${year}-${month}-${day}${hour === undefined ? '' : ` ${hour}:${minute}`}${utc === undefined ? '' : ' UTC'}${zone === undefined ? '' : ` (${zone})`}`
}
