import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { EventName, Events } from '../../src-contract/events.ts'
import type { HandOverRow } from '../../src-contract/hand-over.ts'
import type { NativeMailState } from '../../src-contract/native-mail.ts'
import type { Person } from '../../src-contract/person.ts'
import type { Problem } from '../../src-contract/problem.ts'
import type { Partition, Settings } from '../../src-contract/settings.ts'
import { firstPeople, handOverRows, partitions as firstPartitions } from './sample-records.ts'

type Needs = {
  announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void
  wished: (wish: string) => boolean
  fail: (problem: Problem) => never
  progress: (workId: string, total: number, what: string) => Promise<void>
  settings: () => Settings
  keepSettings: (settings: Settings) => void
  /** Names of the incoming servers that fetch, and how one is stopped. */
  fetching: () => string[]
  stop: (server: string) => void
}
type RecordCall = Extract<CallName, `${'people' | 'partitions' | 'hand-over' | 'native-mail'}.${string}`>
type RecordCalls = { [Name in RecordCall]: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }

/** People, partitions, help desks and native mail as the core plays them; what is changed is there until the page is loaded again. */
export const recordCalls = (needs: Needs): RecordCalls => ({ ...peopleCalls(needs), ...partitionCalls(needs), ...handOverCalls(needs), ...nativeMailCalls(needs) })

const peopleCalls = ({ announce, wished, fail, progress }: Needs): Pick<RecordCalls, Extract<RecordCall, `people.${string}`>> => {
  let people: Person[] = wished('empty') ? [] : firstPeople()
  const changed = (): void => announce('people-changed', {})
  return {
    'people.list': ({ query, limit, offset }) => {
      const found = people.filter(({ name, address }) => `${name} ${address}`.toLowerCase().includes(query.toLowerCase()))
      return { rows: found.slice(offset, offset + limit), next: offset + limit < found.length ? offset + limit : null, total: found.length }
    },
    'people.save': ({ id, person }) => {
      if (people.some((other) => other.id !== id && other.address.toLowerCase() === person.address.toLowerCase())) return fail({ code: 'name-taken', what: 'person', name: person.address })
      const before = people.find((other) => other.id === id)
      const saved: Person = { source: 'console', createdAt: new Date().toISOString(), undeliverableSince: null, ...before, ...person, id: before?.id ?? people.length + 1_000 }
      people = before ? people.map((other) => (other === before ? saved : other)) : [...people, saved]
      changed()
      return saved
    },
    'people.delete': ({ ids }) => {
      const left = people.filter(({ id }) => !ids.includes(id))
      const deleted = people.length - left.length
      people = left
      changed()
      return { deleted }
    },
    'people.import': async ({ csv, tryOnly, workId }) => {
      const [header = '', ...lines] = csv.split(/\r?\n/).filter((line) => line.trim() !== '')
      if (!header.split(',').includes('address')) return fail({ code: 'invalid-input', issues: [{ path: 'csv', message: `The first line must name the column address; it has ${header}.`, line: 1, column: 1 }] })
      await progress(workId, tryOnly ? 2 : 30, tryOnly ? 'Reading the file' : 'Importing people')
      const refused = lines.filter((line) => !line.includes('@'))
      if (!tryOnly) changed()
      return { added: lines.length - refused.length, changed: 1, unchanged: 2, refused: refused.length, issues: refused.map((line) => ({ line: lines.indexOf(line) + 2, column: 'address', message: 'Enter one address, such as it@example.com.' })) }
    }
  }
}

const partitionCalls = ({ announce, fail }: Needs): Pick<RecordCalls, Extract<RecordCall, `partitions.${string}`>> => {
  let partitions: Partition[] = firstPartitions()
  return {
    'partitions.list': () => partitions,
    'partitions.save': ({ was, partition }) => {
      partitions = was === null ? [...partitions, partition] : partitions.map((other) => (other.name === was ? partition : other))
      announce('settings-changed', {})
    },
    'partitions.delete': ({ name }) => fail({ code: 'in-use', what: 'partition', name, by: ['hr'] })
  }
}

const handOverCalls = ({ announce, wished, fail, progress }: Needs): Pick<RecordCalls, Extract<RecordCall, `hand-over.${string}`>> => {
  let rows: HandOverRow[] = wished('empty') ? [] : handOverRows()
  const secrets = new Set(wished('empty') ? [] : ['central desk', 'audit log'])
  return {
    'hand-over.list': ({ target, state, limit, before }) => {
      const ofTarget = rows.filter((row) => target === null || row.target === target)
      const found = ofTarget.filter((row) => (state === null || row.state === state) && (before === null || row.id < before))
      const page = found.slice(0, limit)
      return { rows: page, next: found.length > limit ? (page.at(-1)?.id ?? null) : null, waiting: ofTarget.filter((row) => row.state === 'waiting').length, refused: ofTarget.filter((row) => row.state === 'refused').length }
    },
    'hand-over.retry': ({ target, ids }) => {
      const again = rows.filter((row) => row.target === target && row.state !== 'delivered' && (ids === null || ids.includes(row.id)))
      rows = rows.map((row) => (again.includes(row) ? { ...row, state: 'delivered' as const, tries: row.tries + 1, nextTryAt: null, deliveredAt: new Date().toISOString(), remoteId: '8841', problem: null } : row))
      announce('hand-over-changed', { target })
      return { retried: again.length }
    },
    'hand-over.test': async ({ target, secret, workId }) => {
      await progress(workId, 6, `Sending a test event to ${target.name}`)
      if (secret === null && !secrets.has(target.name)) return fail({ code: 'hand-over-secret-missing', target: target.name })
      if (target.url.includes('wrong')) return fail({ code: 'hand-over-refused', target: target.name, status: 401, serverSaid: '{"error":"signature does not match"}', final: true })
      return { status: 200, answer: '{"received":true}', ms: 84 }
    },
    'hand-over.secret': ({ target, secret }) => { if (secret === null) secrets.delete(target); else secrets.add(target); announce('hand-over-changed', { target }) },
    'hand-over.secrets': () => [...secrets]
  }
}

const nativeMailCalls = ({ announce, wished, progress, fail, settings, keepSettings, fetching, stop }: Needs): Pick<RecordCalls, Extract<RecordCall, `native-mail.${string}`>> => {
  let stage: NativeMailState['stage'] = wished('native') ? 'configured' : 'custom'
  const state = (): NativeMailState => {
    const { nativeMail } = settings()
    const place = nativeMail.host ?? 'mail.example.com'
    return {
      settings: nativeMail, listening: nativeMail.enabled && !wished('native-failed'), problem: wished('native-failed') ? { code: 'native-mail-cannot-listen', address: nativeMail.listen, port: nativeMail.port, reason: 'the port is in use' } : null,
      supportAddress: nativeMail.instance === null ? null : `${nativeMail.instance}@${place}`, mailServer: nativeMail.instance === null ? null : `${place}:${nativeMail.port}`, encrypted: nativeMail.certFile !== null,
      received: stage === 'custom' ? { mails: 0, refused: 0, lastAt: null } : { mails: 318, refused: 12, lastAt: new Date(Date.now() - 41_000).toISOString() }, stage, fetching: fetching()
    }
  }
  const told = (): NativeMailState => { announce('native-mail-changed', {}); return state() }
  return {
    'native-mail.state': state,
    'native-mail.activate': ({ settings: nativeMail }) => {
      if (nativeMail.port === 25_000) return fail({ code: 'native-mail-cannot-listen', address: nativeMail.listen, port: nativeMail.port, reason: 'another program listens there' })
      keepSettings({ ...settings(), nativeMail: { ...nativeMail, enabled: true, instance: nativeMail.instance ?? 'desk-7f3k' } })
      if (stage === 'custom') stage = 'configured'
      return told()
    },
    'native-mail.deactivate': () => { keepSettings({ ...settings(), nativeMail: { ...settings().nativeMail, enabled: false } }); stage = 'custom'; return told() },
    'native-mail.test': async ({ workId, through }) => { await progress(workId, 12, 'Waiting for the test mail'); if (through === 'reserve') return fail({ code: 'native-mail-not-received', afterMs: 120_000 }); stage = 'tested'; announce('native-mail-changed', {}); return { ms: 640, hops: through === null ? 1 : 3 } },
    'native-mail.finish': ({ stop: names }) => { names.forEach(stop); stage = 'native'; return told() }
  }
}
