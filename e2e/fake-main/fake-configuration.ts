import type { CallAnswer, CallName, ConfigurationDifference, EarlierConfiguration, ParsedInput } from '../../src-contract/calls.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { ago } from './sample-configuration.ts'

type Tools = { wished: (wish: string) => boolean; changed: () => void; progress: (workId: string, steps: number, what: string) => Promise<void>; fail: (problem: Problem) => never }
type Calls = { [Name in CallName]?: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }

const server = (name: string, host: string, more = ''): string => `  - name: ${name}\n    partition: IT\n    protocol: imap\n    host: ${host}\n    port: 993\n    security: tls\n    auth:\n      method: password\n      user: ${name}@example.com\n      secret: keychain\n    fetchEvery: 60s\n${more}    enabled: true\n`
const head = 'version: 1\npartitions:\n  - name: IT\n    outgoing: main\n    default: true\nincoming:\n'
const settings = 'outgoing:\n  - name: main\n    protocol: smtp\n    host: mail.example.com\nprocessing:\n  baseDelimiter: "##"\nalerts:\n  connectivity:\n    enabled: true\n    afterFailures: 5\n'
const many = (host: string): string => Array.from({ length: 60 }, (_, index) => server(`branch ${String(index + 1).padStart(2, '0')}`, host)).join('')
/** This console as a file, and how it was before. */
const present = `${head}${server('it', 'mail.example.com')}${many('branch.example.com')}${server('sales', 'mail.example.com')}${settings}`
const before = `${head}${server('it', 'mail.example.com', '    push: true\n')}${many('branch.example.com')}${settings.replace('afterFailures: 5', 'afterFailures: 3')}`

const differences: ConfigurationDifference[] = [
  { kind: 'added', what: 'incoming server', name: 'branch office', fields: [{ field: 'host', here: '', there: 'imap.example.com' }, { field: 'auth.user', here: '', there: 'branch@example.com' }] },
  { kind: 'changed', what: 'incoming server', name: 'it', fields: [{ field: 'fetchEvery', here: '60s', there: '30s' }, { field: 'host', here: 'mail.example.com', there: 'imap.example.com' }] }
]
const gone: ConfigurationDifference = { kind: 'removed', what: 'outgoing server', name: 'reserve', fields: [{ field: 'host', here: 'mx2.example.com', there: '' }] }
const faults = [{ path: 'incoming.0.hots', message: 'unknown key `hots` — did you mean `host`?', line: 8, column: 5 }]
const missing = { path: 'incoming[2].auth.secret', message: 'The environment variable IT_PASSWORD is not set. Next: `mailroom secret set it`.', line: 14, column: 15 }

/** What the stand-in core answers about configuration files and backups. */
export const configurationCalls = ({ wished, changed, progress, fail }: Tools): Calls => {
  let earlier: EarlierConfiguration[] = wished('empty') ? [] : [
    { id: 2, at: ago(3_600_000), who: 'ann', before: 'import of customer.yaml', incoming: 3, outgoing: 2 },
    { id: 1, at: ago(86_400_000 * 3), who: 'command line', before: 'import of first.yaml', incoming: 0, outgoing: 0 }
  ]
  const keep = (what: string): number => {
    const id = (earlier[0]?.id ?? 0) + 1
    earlier = [{ id, at: new Date().toISOString(), who: 'ann', before: what, incoming: 4, outgoing: 2 }, ...earlier]
    changed()
    return id
  }
  const downloads = new Map<string, string>()
  return {
    'configuration.export': ({ ask }) => ({ yaml: ask ? present.replaceAll('secret: keychain', 'secret: ask') : present }),
    'configuration.export-csv': () => ({ csv: 'kind,name,protocol\r\nincoming,it,imap\r\n' }),
    'configuration.template': ({ csv }) => ({ text: csv ? 'kind,name,protocol\r\nincoming,it-support,imap\r\n' : present }),
    'configuration.validate': () => ({ issues: [], warnings: [] }),
    'configuration.diff': ({ yaml }) => (yaml.includes('hots') ? { differences: [], issues: faults } : { issues: [], differences: yaml === present ? [] : [...differences, gone] }),
    'configuration.preview': ({ yaml, replace }) => yaml.includes('hots') ? { issues: faults, warnings: [], differences: [], secrets: [] } : {
      issues: [], warnings: [missing], differences: replace ? [...differences, gone] : differences,
      secrets: [{ server: 'branch office', purpose: 'sign-in', label: 'password', source: 'ask', state: 'missing' }, { server: 'it', purpose: 'sign-in', label: 'password', source: 'env:IT_PASSWORD', state: 'missing' }, { server: 'hr', purpose: 'sign-in', label: 'client secret', source: 'keychain', state: 'stored' }]
    },
    'configuration.import': ({ fileName, secrets }) => ({ added: ['incoming server branch office'], changed: ['incoming server it'], removed: [], unchanged: ['incoming server hr'], warnings: secrets.some(({ server: name }) => name === 'it') ? [] : [missing], earlier: keep(`import of ${fileName}`) }),
    'configuration.earlier': () => earlier,
    'configuration.earlier-file': () => ({ yaml: before }),
    'configuration.rollback': () => ({ added: [], changed: ['incoming server it'], removed: ['incoming server branch office'], unchanged: [], warnings: [], earlier: keep('going back') }),
    'backup.make': async ({ workId }) => {
      if (wished('disk-full')) fail({ code: 'disk-full', folder: '/data' })
      downloads.set('download-backup', workId)
      return { downloadId: 'download-backup', fileName: 'mailroom-backup-2026-11-21.mrb', mediaType: 'application/octet-stream' }
    },
    'download.next': async ({ downloadId }) => {
      await progress(downloads.get(downloadId) ?? '', wished('slow') ? 40 : 4, 'MB of the data folder')
      return { base64: btoa('backup'), done: true }
    }
  }
}
