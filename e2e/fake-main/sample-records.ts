import type { HandOverRow } from '../../src-contract/hand-over.ts'
import type { Person } from '../../src-contract/person.ts'
import type { Problem } from '../../src-contract/problem.ts'
import type { RequestChange, RequestValues } from '../../src-contract/request-values.ts'
import { partition, settings, type Partition, type Settings } from '../../src-contract/settings.ts'
import { ago } from './sample-configuration.ts'

const day = 86_400_000
const known: Partial<Person>[] = [
  { name: 'Ann Meyer', address: 'ann.meyer@example.com', source: 'mail' },
  { name: 'Tomas Novak', address: 'tomas.novak@example.com', analyst: true, signIn: true, rights: ['edit', 'close', 'pick-up'], source: 'console' },
  { name: 'Joy Okafor', address: 'j.okafor@example.com', signIn: true, rights: ['close'] },
  { name: 'Priya Raman', address: 'priya.raman@example.com', user: false, analyst: true, signIn: true, rights: ['edit', 'pick-up'], format: 'plain' },
  { name: 'Lucas Martin', address: 'lucas.martin@example.com', undeliverableSince: ago(3 * day) },
  { name: '', address: 'scanner-2@devices.example.com', source: 'mail' }
]

export const firstPeople = (): Person[] =>
  Array.from({ length: 240 }, (_, index) => ({ id: index + 1, name: `Employee ${String(index + 1).padStart(3, '0')}`, address: `employee.${index + 1}@example.com`, user: true, analyst: false, signIn: false, rights: [], format: null, source: 'import' as const, createdAt: ago((index + 4) * day), undeliverableSince: null, ...known[index] }))

export const partitions = (): Partition[] => [
  partition.parse({ name: 'IT', outgoing: 'main', default: true, priorities: { impacts: ['High', 'Medium', 'Low'], urgencies: ['High', 'Medium', 'Low'], priorities: ['Critical', 'High', 'Medium', 'Low'], matrix: [['High', 'High', 'Critical'], ['High', 'Medium', 'High'], ['High', 'Low', 'Medium'], ['Medium', 'High', 'High'], ['Medium', 'Medium', 'Medium'], ['Low', 'High', 'Medium'], ['Low', 'Medium', 'Low']].map(([impact, urgency, priority]) => ({ impact, urgency, priority })) } }),
  partition.parse({ name: 'HR' }),
  partition.parse({ name: 'Sales', outgoing: 'reserve' })
]

/** Settings of a console in use; `native` with mail received by itself. */
export const usedSettings = (native: boolean): Settings =>
  settings.parse({
    emailFormat: { default: 'html', perPerson: true },
    requestTemplates: [
      {
        name: 'Hardware', category: 'Hardware', subCategory: 'Printer', impact: 'Medium', urgency: 'Medium', group: 'Field service', site: 'Berlin', additionalFields: ['Cost centre', 'Room'], technicianFields: ['Category', 'Priority', 'Status', 'Technician', 'Cost centre'],
        resources: [{ key: 'res_301', label: 'Laptop', questions: [{ key: 'qst_1', label: 'Model', kind: 'select', options: ['13 inch', '15 inch'] }, { key: 'qst_2', label: 'Accessories', kind: 'check', options: ['Docking station', 'Second monitor', 'Bag'] }, { key: 'qst_3', label: 'Delivery to', kind: 'string' }] }]
      },
      { name: 'Personnel', category: 'Personnel', priority: 'High', group: 'HR desk' }
    ],
    handOver: [
      { name: 'central desk', kind: 'servicedesk-plus', url: 'https://desk.example.com', partitions: ['IT'], enabled: true },
      { name: 'audit log', kind: 'json', url: 'https://hooks.example.com/mailroom', attachments: false, enabled: true },
      { name: 'pilot', kind: 'json', url: 'https://pilot.example.net/in', enabled: false }
    ],
    ...(native ? { nativeMail: { enabled: true, instance: 'desk-7f3k', host: 'mail.example.com', certFile: '/etc/mailroom/cert.pem', keyFile: '/etc/mailroom/key.pem', addresses: ['it@example.com'], partition: 'IT', template: 'Hardware', forwarders: ['it@example.com'] } } : {})
  })

const refused: Problem = { code: 'hand-over-refused', target: 'central desk', status: 400, serverSaid: '{"response_status":{"status_code":4000,"messages":[{"field":"group","message":"Field service is not a group of this site"}]}}', final: true }
const unreachable: Problem = { code: 'hand-over-unreachable', target: 'audit log', reason: 'the connection was refused' }

export const handOverRows = (): HandOverRow[] =>
  Array.from({ length: 34 }, (_, index): HandOverRow => {
    const id = 900 - index
    const target = index % 3 === 0 ? 'audit log' : 'central desk'
    const delivered = { state: 'delivered' as const, tries: 1, nextTryAt: null, deliveredAt: ago(index * 17 * 60_000 + 2_000), remoteId: target === 'audit log' ? null : String(8_800 - index), problem: null }
    const waiting = { state: 'waiting' as const, tries: 3, nextTryAt: new Date(Date.now() + 95_000).toISOString(), deliveredAt: null, remoteId: null, problem: unreachable }
    const turnedDown = { state: 'refused' as const, tries: 1, nextTryAt: null, deliveredAt: null, remoteId: null, problem: refused }
    return { id, target, request: 1_204 - index, event: (['request-created', 'reply-added', 'request-changed'] as const)[index % 4] ?? 'request-created', createdAt: ago(index * 17 * 60_000 + 9_000), ...(index % 3 === 0 && index < 9 ? waiting : index === 4 ? turnedDown : delivered) }
  })

export const valuesOf = (number: number): RequestValues =>
  number % 5 === 1 ? {} : { template: 'Hardware', category: 'Hardware', subCategory: 'Printer', impact: 'Medium', urgency: number % 2 ? 'High' : 'Medium', priority: number % 2 ? 'High' : 'Medium', group: 'Field service', site: 'Berlin', loggingAnalyst: 'tomas.novak@example.com', additional: { 'Cost centre': '4711', Room: '3.17' }, resources: { res_301: { qst_1: ['13 inch'], qst_2: ['Docking station', 'Bag'] } } }

export const changesOf = (number: number): RequestChange[] =>
  number % 2 ? [] : [
    { id: 2, at: ago(20 * 60_000), by: 'tomas.novak@example.com', action: 'edited', changes: [{ field: 'Priority', from: 'Medium', to: 'High' }, { field: 'Cost centre', from: '', to: '4711' }], entry: number * 10 + 3 },
    { id: 1, at: ago(26 * 3_600_000), by: 'administrator (browser)', action: 'reopened', changes: [{ field: 'Status', from: 'closed', to: 'open' }], entry: null }
  ]
