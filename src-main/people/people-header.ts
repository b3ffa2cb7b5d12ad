import { peopleColumns } from '#contract/person.ts'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import { nearestName } from '#contract/nearest-name.ts'

export type PeopleColumn = (typeof peopleColumns)[number]

/** Names that exports of other programs give the columns, without case, spaces and signs. */
const synonyms: Readonly<Record<PeopleColumn, readonly string[]>> = {
  name: ['name', 'fullname', 'displayname', 'username', 'commonname', 'requestername', 'personname'],
  address: ['address', 'email', 'mail', 'emailaddress', 'mailaddress', 'emailid', 'primaryemail', 'primaryemailaddress', 'primarysmtpaddress', 'smtpaddress'],
  user: ['user', 'isuser', 'requester', 'isrequester', 'customer', 'enduser'],
  analyst: ['analyst', 'isanalyst', 'technician', 'istechnician', 'agent', 'isagent'],
  signIn: ['signin', 'maysignin', 'login', 'logon', 'loginallowed', 'emailcommands'],
  rights: ['rights', 'right', 'permissions', 'maydo'],
  format: ['format', 'emailformat', 'mailformat']
}

/**
 * Which column each field of the header is; null for one without a name. Throws ProblemError `invalid-input` at line 1 for a header
 * without `address`, a name that is not known or one that is given twice.
 */
export function readHeader(cells: readonly string[]): (PeopleColumn | null)[] {
  const columns = cells.map(columnNamed)
  const issues: InputIssue[] = cells.flatMap((cell, index) => (cell.trim() !== '' && columns[index] === null ? [fault(unknownColumn(cell))] : []))
  columns.forEach((column, index) => {
    if (column !== null && columns.indexOf(column) < index) issues.push(fault(`The columns \`${shortly(cells[columns.indexOf(column)] ?? '')}\` and \`${shortly(cells[index] ?? '')}\` both mean \`${column}\`: leave one of them out.`))
  })
  if (!columns.includes('address')) issues.unshift(fault(`The first line of the file has to name its columns, and one of them has to be \`address\`. ${expected}`))
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues: issues.slice(0, 20) })
  return columns
}

const expected = `The columns are ${peopleColumns.map((name) => `\`${name}\``).join(', ')}.`
const fault = (message: string): InputIssue => ({ path: 'csv', message, line: 1 })
const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
const shortly = (text: string): string => (text.trim().length > 40 ? `${text.trim().slice(0, 40)}…` : text.trim())

const columnNamed = (cell: string): PeopleColumn | null => peopleColumns.find((column) => synonyms[column].includes(plainName(cell))) ?? null

function unknownColumn(cell: string): string {
  const near = nearestName(plainName(cell), Object.values(synonyms).flat())
  const column = near === null ? null : columnNamed(near)
  return column === null ? `There is no column \`${shortly(cell)}\`. ${expected}` : `There is no column \`${shortly(cell)}\` — did you mean \`${column}\`?`
}
