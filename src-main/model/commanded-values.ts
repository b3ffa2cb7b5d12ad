import type { Address } from '#contract/message.ts'
import type { Person } from '#contract/person.ts'
import { valueFields, type CommandField, type PriorityMatrix, type RequestTemplate, type RequestValues, type ValueField } from '#contract/request-values.ts'
import { answerQuestions } from './answer-questions.ts'
import { maySet } from './command-rights.ts'
import { firstAddress, withoutAddresses } from './first-address.ts'
import type { EmailCommand } from './parse-email-command.ts'
import { statusOfWord } from './status-word.ts'

/** What is known where a command is carried out. `template` says which fields there are for whom; `priorities` null: no lists. */
export type CommandPlace = { person: Person; template: RequestTemplate; priorities: PriorityMatrix | null; people: { byAddress(address: string): Person | null; byName(name: string): Person | null } }

/** What a command sets; '' takes a value away. `fields` are names of what was taken, `notes` sentences on what was not. */
export type CommandedValues = { values: RequestValues; status: 'open' | 'closed' | null; requester: Address | null; fields: string[]; notes: string[] }

/**
 * The values that an e-mail command sets. What the person may not set, what the template does not have, and what is no possible value
 * is skipped and told, as "Field Parsing Rules" of ServiceDesk Plus MSP say; the rest is taken.
 */
export function commandedValues(command: EmailCommand, place: CommandPlace): CommandedValues {
  const taken: CommandedValues = { values: {}, status: null, requester: null, fields: [], notes: skippedNames(command) }
  for (const [field, value] of Object.entries(command.fields) as [CommandField, string][]) {
    if (field === 'RequestTemplate') continue
    if (!maySet(place.person, place.template, field)) taken.notes.push(`${field} is no field that ${place.person.address} may set with the template ${place.template.name}.`)
    else setField(taken, field, value, place)
  }
  setRequester(taken, command, place)
  setAdditional(taken, command, place)
  const { resources, notes } = answerQuestions(command.resources, place.template)
  taken.notes.push(...notes)
  if (Object.keys(resources).length > 0) {
    taken.values.resources = resources
    taken.fields.push(...Object.entries(resources).flatMap(([key, questions]) => Object.keys(questions).map((question) => `${key}.${question}`)))
  }
  return taken
}

const skippedNames = ({ unknown, open }: EmailCommand): string[] => [
  ...(unknown.length === 0 ? [] : [`There is no field ${unknown.slice(0, 10).join(', ')}.`]),
  ...(open.length === 0 ? [] : [`${open.slice(0, 10).join(', ')} has no closing delimiter.`])
]

function setField(taken: CommandedValues, field: CommandField, value: string, place: CommandPlace): void {
  if (field === 'Requester' || field === 'RequesterEmail') return
  const fault = field === 'Status' ? setStatus(taken, value) : setValue(taken, field, value, place)
  if (fault === null) taken.fields.push(field)
  else taken.notes.push(fault)
}

function setStatus(taken: CommandedValues, value: string): string | null {
  taken.status = statusOfWord(value)
  return taken.status === null ? `Status ${shown(value)} is neither open nor closed.` : null
}

/** A name alone has to be that of one person who is known. Without a requester, the sender is the one. */
function setRequester(taken: CommandedValues, { fields: { Requester, RequesterEmail } }: EmailCommand, { person, template, people }: CommandPlace): void {
  const may = (field: CommandField, value: string | undefined): string => (maySet(person, template, field) ? (value ?? '') : '')
  const [named, byAddress] = [may('Requester', Requester), may('RequesterEmail', RequesterEmail)]
  const address = firstAddress(byAddress) ?? firstAddress(named) ?? people.byName(named)?.address ?? null
  if (byAddress !== '' && firstAddress(byAddress) === null) taken.notes.push(`RequesterEmail ${shown(byAddress)} is no address.`)
  if (address !== null) {
    taken.requester = { name: (withoutAddresses(named) || people.byAddress(address)?.name || '').slice(0, 200).toWellFormed(), address }
    taken.fields.push(byAddress === '' ? 'Requester' : 'RequesterEmail')
  } else if (named !== '') taken.notes.push(`Requester ${shown(named)} is not the name of one person who is known; RequesterEmail finds people that no name does.`)
}

function setValue(taken: CommandedValues, field: CommandField, value: string, place: CommandPlace): string | null {
  const { values } = taken
  if (field === 'TechnicianEmail') return setTechnicianAddress(taken, value, place)
  const key = valueKey(field)
  if (key === null) return `${field} cannot be set by e-mail.`
  const listed = place.priorities === null ? null : listOf(place.priorities, key)
  const found = listed === null || value === '' ? value : listed.find((one) => one.toLowerCase() === value.toLowerCase())
  if (found === undefined) return `${field} ${shown(value)} is not in the list of the partition.`
  values[key] = bounded(taken, field, found)
  if (key === 'technician') values.technicianEmail = technicianNamed(value, place)
  return null
}

/** Address of the analyst of this name; '' takes an earlier one away, which was another's. */
function technicianNamed(name: string, { people }: CommandPlace): string {
  const known = people.byName(name)
  return known?.analyst ? known.address : ''
}

function setTechnicianAddress({ values }: CommandedValues, value: string, { people }: CommandPlace): string | null {
  const address = firstAddress(value)
  if (address === null && value !== '') return `TechnicianEmail ${shown(value)} is no address.`
  const known = address === null ? null : people.byAddress(address)
  if (known !== null && !known.analyst) return `TechnicianEmail ${address} is a person who is no analyst.`
  values.technicianEmail = address ?? ''
  values.technician ??= known?.name || address || ''
  return null
}

function setAdditional(taken: CommandedValues, { additional }: EmailCommand, { person, template }: CommandPlace): void {
  for (const [label, value] of Object.entries(additional)) {
    const own = template.additionalFields.find((one) => one.toLowerCase() === label.toLowerCase())
    if (own === undefined) taken.notes.push(`The template ${template.name} has no field ${label}.`)
    else if (!maySet(person, template, own)) taken.notes.push(`${own} is no field that ${person.address} may set with the template ${template.name}.`)
    else {
      taken.values.additional = { ...taken.values.additional, [own]: bounded(taken, own, value) }
      taken.fields.push(own)
    }
  }
}

const longTexts = new Set(['Resolution', 'ImpactDetails'])
function bounded({ notes }: CommandedValues, field: string, value: string): string {
  const longest = longTexts.has(field) ? 2000 : 250
  if (value.length <= longest) return value
  notes.push(`${field} was cut after ${longest} characters.`)
  return `${value.slice(0, longest - 1)}…`.toWellFormed()
}

function valueKey(field: CommandField): ValueField | null {
  const key = field.charAt(0).toLowerCase() + field.slice(1)
  return valueFields.find((one) => one === key) ?? null
}

function listOf({ impacts, urgencies, priorities }: PriorityMatrix, key: ValueField): readonly string[] | null {
  const list = key === 'impact' ? impacts : key === 'urgency' ? urgencies : key === 'priority' ? priorities : []
  return list.length > 0 ? list : null
}

const shown = (text: string): string => (text === '' ? '(empty)' : text.length > 60 ? `${text.slice(0, 59)}…`.toWellFormed() : text)
