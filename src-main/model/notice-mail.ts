import type { NoticeKind } from '#contract/notice.ts'
import { utcMinute } from '#contract/utc-minute.ts'

/** Something to be told by mail, once or several times over. `cases` are its newest instances, a line each; times are ISO 8601. */
export type ToldByMail = {
  kind: NoticeKind
  server: string
  /** The partition through whose server it goes; empty: the default one. */
  partition: string
  /** Whether the technicians for application errors are told besides those whom a rule names. */
  technicians: boolean
  subject: string
  /** What happened, and what can be done. */
  text: string
  cases: readonly string[]
  times: number
  firstAt: string
  lastAt: string
}

/** As many instances, the newest, are told. */
export const mostCases = 20

/** What is told once for both: the newest words and cases, all counted. */
export const alsoTold = (before: ToldByMail, next: ToldByMail): ToldByMail =>
  ({ ...next, cases: [...before.cases, ...next.cases].slice(-mostCases), times: before.times + next.times, firstAt: before.firstAt, technicians: before.technicians || next.technicians })

/** One mail about everything that has to be told. */
export const noticeMail = (all: readonly ToldByMail[]): { subject: string; text: string } => {
  const [only] = all
  if (only !== undefined && all.length === 1) return { subject: `Mailroom: ${only.subject}${only.lastAt === only.firstAt ? '' : `, ${often(only)}`}`, text: wholeText(only) }
  const firstAt = all.map((one) => one.firstAt).sort()[0] ?? ''
  const servers = [...new Set(all.map(({ server }) => server))].filter((server) => server !== '')
  const places = servers.length > 3 ? `${servers.slice(0, 3).join(', ')} and ${servers.length - 3} more` : servers.join(', ')
  return {
    subject: `Mailroom: ${all.reduce((sum, { times }) => sum + times, 0)} notices${places === '' ? '' : ` of ${places}`}`,
    text: `What happened since ${utcMinute(firstAt)}:\n\n${all.map((one) => `${one.subject.charAt(0).toUpperCase()}${one.subject.slice(1)}, ${often(one)}\n${indented(wholeText(one))}`).join('\n')}`
  }
}

const wholeText = ({ text, cases, times }: ToldByMail): string => {
  if (cases.length === 0 || (times === 1 && text.startsWith(cases[0] ?? ''))) return `${text}\n`
  const more = times - cases.length
  return `${text}\n\n${cases.map((one) => `- ${one}\n`).join('')}${more > 0 ? `and ${more} more\n` : ''}`
}
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ')
const often = ({ times, firstAt, lastAt }: ToldByMail): string => (times === 1 ? `at ${utcMinute(lastAt)}` : firstAt === lastAt ? `${times} times at ${utcMinute(lastAt)}` : `${times} times from ${utcMinute(firstAt)} to ${utcMinute(lastAt)}`)
