import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

const root = mkdtempSync(join(tmpdir(), 'mailroom-bad-input-'))
const passphrase = 'a passphrase for this test'
const mounted = new Set<string>()
after(() => {
  for (const folder of mounted) spawnSync('umount', [folder])
  rmSync(root, { recursive: true, force: true })
})

type Ran = { status: number | null; out: string; said: string }
function mailroom(data: string, words: string[], env: Record<string, string> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...words, '--data', data], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: root, DBUS_SESSION_BUS_ADDRESS: '', MAILROOM_PASSPHRASE: passphrase, ...env } })
  return { status, out: stdout, said: stderr }
}
/** Every file with what is in it; the name of the holder and the log change with each run. */
function fingerprint(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'owner.json' && !entry.name.endsWith('.log'))
  return files.map((entry) => `${join(entry.parentPath, entry.name)} ${createHash('sha256').update(readFileSync(join(entry.parentPath, entry.name))).digest('hex')}`).sort().join('\n')
}
const flip = (file: string, at = 0.5): void => {
  const bytes = readFileSync(file)
  const place = Math.floor(bytes.length * at)
  bytes[place] = (bytes[place] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
const newest = (folder: string, kind: string): string => join(folder, readdirSync(folder).filter((name) => name.startsWith(kind)).sort().at(-1) ?? 'missing')
const cut = (file: string, part = 0.6): void => truncateSync(file, Math.floor(readFileSync(file).length * part))

const good = join(root, 'good')
const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text)
  return join(root, name)
}
const yaml = (partition: string, more = ''): string => `version: 1\npartitions: [{ name: IT, default: true }]\nincoming:\n  - { name: it, partition: ${partition}, protocol: imap, host: 127.0.0.1, port: 1, security: none, auth: { method: password, user: it, secret: "env:IT_PASSWORD" }${more} }\n`
const mail = (number: number, sender = `From: Ann <ann${number}@example.org>\r\n`): string => `${sender}To: it@example.com\r\nSubject: Mail ${number}\r\nMessage-ID: <m${number}@example.org>\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\nThe text of mail ${number} ${'and so on '.repeat(40)}\r\n`
before(() => {
  const configuration = mailroom(good, ['config', 'import', file('good.yaml', yaml('IT'))], { IT_PASSWORD: 'the password' })
  assert.equal(configuration.status, 0, configuration.said)
  const mails = [1, 2, 3].map((number) => file(`${number}.eml`, mail(number))).concat([4, 5].map((number) => file(`${number}.eml`, mail(number, ''))))
  mailroom(good, ['process', ...mails, '--server', 'it', '--commit'])
  assert.equal((JSON.parse(mailroom(good, ['requests', 'list', '--json']).out) as unknown[]).length, 3)
  assert.equal((JSON.parse(mailroom(good, ['errors', 'list', '--json']).out) as unknown[]).length, 2)
})

type Case = { title: string; damage?: (data: string) => void; words: string[] | ((data: string) => string[]); env?: Record<string, string>; status: number; says: RegExp; wayOut: RegExp; usable?: string[][]; disk?: 'read-only' | 'full' }
const firstRecord = (data: string): string => join(data, 'errors', readdirSync(join(data, 'errors')).sort()[0] ?? 'missing')
const cases: Case[] = [
  { title: 'a read-only data folder', disk: 'read-only', words: ['status'], status: 4, says: /cannot be written: the file system is read-only/, wayOut: /write permission|--data/ },
  { title: 'a full disk', disk: 'full', words: ['config', 'import', 'other.yaml'], env: { IT_PASSWORD: 'x' }, status: 4, says: /disk that holds .* is full/, wayOut: /Free some space/, usable: [['requests', 'list'], ['errors', 'list'], ['config', 'export']] },
  { title: 'a data folder of a newer version', damage: (data) => writeFileSync(join(data, 'mailroom.json'), '{"format":9,"id":"aaaaaaaa-bbbb"}'), words: ['status'], status: 4, says: /newer Mailroom \(version 9/, wayOut: /newer Mailroom, or name another folder/ },
  { title: 'mailroom.json edited', damage: (data) => writeFileSync(join(data, 'mailroom.json'), '{"format":"one"}'), words: ['status'], status: 4, says: /mailroom\.json .*damaged/, wayOut: /backup/ },
  { title: 'the vault is missing', damage: (data) => rmSync(join(data, 'vault.json')), words: ['status'], status: 4, says: /key of the data folder .* is not in the credential store/, wayOut: /vault that belongs to it/ },
  { title: 'the vault is truncated', damage: (data) => cut(join(data, 'vault.json')), words: ['status'], status: 4, says: /vault\.json .*damaged/, wayOut: /backup/ },
  { title: 'a wrong passphrase', words: ['status'], env: { MAILROOM_PASSPHRASE: 'not the passphrase' }, status: 2, says: /passphrase does not open the vault/, wayOut: /passphrase that the vault was made with/ },
  { title: 'no passphrase', words: ['status'], env: { MAILROOM_PASSPHRASE: '' }, status: 2, says: /vault .* locked/, wayOut: /MAILROOM_PASSPHRASE/ },
  { title: 'a keychain that is not there', damage: (data) => writeFileSync(join(data, 'mailroom.json'), readFileSync(join(data, 'mailroom.json'), 'utf8').replace('"vault"', '"keychain"')), words: ['status'], status: 2, says: /keychain of this system does not answer/, wayOut: /Unlock the keychain/ },
  { title: 'a journal that was cut off', damage: (data) => cut(newest(join(data, 'database'), 'journal')), words: ['status'], status: 4, says: /journal-\d+ .*damaged/, wayOut: /backup/ },
  { title: 'an edited journal', damage: (data) => flip(newest(join(data, 'database'), 'journal')), words: ['status'], status: 4, says: /journal-\d+ .*damaged/, wayOut: /backup/ },
  { title: 'the database is gone', damage: (data) => rmSync(join(data, 'database'), { recursive: true }), words: ['status'], status: 4, says: /database .*damaged.*missing/, wayOut: /backup/ },
  { title: 'an edited error record', damage: (data) => flip(firstRecord(data)), words: (data) => ['errors', 'show', damagedRecord(data)], status: 4, says: /damaged/, wayOut: /backup|left as it is/, usable: [['errors', 'list'], ['requests', 'list'], ['requests', 'show', '1']] },
  { title: 'a truncated content pack', damage: (data) => cut(newest(join(data, 'content'), 'pack'), 0.4), words: ['requests', 'show', '3'], status: 0, says: /pack-\d+ .*damaged/, wayOut: /backup/, usable: [['requests', 'list'], ['requests', 'show', '1'], ['errors', 'list']] },
  { title: 'a configuration file that is no YAML', words: ['config', 'import', file('broken.yaml', 'version: 1\nincoming:\n  - { name: it,, }\n  bad')], status: 2, says: /broken\.yaml has/, wayOut: /nothing was changed/, usable: [['config', 'export']] },
  { title: 'a truncated configuration file', words: ['config', 'import', file('cut.yaml', yaml('IT').slice(0, 150))], status: 2, says: /cut\.yaml has/, wayOut: /nothing was changed/ },
  { title: 'an import that names a partition that does not exist', words: ['config', 'import', file('nowhere.yaml', yaml('Nowhere').replace('name: it,', 'name: other,'))], env: { IT_PASSWORD: 'x' }, status: 2, says: /Nowhere/, wayOut: /nothing was changed/, usable: [['config', 'export']] },
  { title: 'a bundle target that exists', words: ['errors', 'export', '--out', file('there.zip', 'mine')], status: 2, says: /is there already/, wayOut: /Name another file/ }
]
/** The record whose file is damaged: the one that cannot be shown. */
const damagedRecord = (data: string): string => ['1', '2'].find((id) => mailroom(data, ['errors', 'show', id]).status !== 0) ?? '1'

for (const { title, damage = () => undefined, words, env = {}, status, says, wayOut, usable = [], disk } of cases)
  test(`${title}: said in words with the way out, exit status ${status}, nothing overwritten`, { skip: disk !== undefined && !canMount() ? 'a file system of its own cannot be mounted here (root and Linux are needed)' : false, timeout: 60_000 }, () => {
    const data = join(root, title.replaceAll(/\W+/g, '-'))
    mkdirSync(data)
    if (disk !== undefined) mountAt(data)
    cpSync(good, data, { recursive: true })
    damage(data)
    file('other.yaml', yaml('IT', ', fetchEvery: 90s'))
    if (disk === 'full') spawnSync('dd', ['if=/dev/zero', `of=${join(data, 'filler')}`, 'bs=4k'])
    if (disk === 'read-only') spawnSync('mount', ['-o', 'remount,ro', data])
    const found = fingerprint(data)
    const asked = (typeof words === 'function' ? words(data) : words).map((word) => (word === 'other.yaml' ? join(root, word) : word))
    const ran = mailroom(data, asked, env)
    assert.match(`${ran.said}${ran.out}`, says)
    assert.match(`${ran.said}${ran.out}`, wayOut)
    assert.doesNotMatch(ran.said, /\n\s+at |Error:|unexpected/)
    assert.equal(ran.status, status, ran.said)
    assert.equal(fingerprint(data), found)
    for (const other of usable) {
      const { status: also, said } = mailroom(data, other, env)
      assert.equal(also, 0, `${other.join(' ')}: ${said}`)
    }
    if (existsSync(join(root, 'there.zip'))) assert.equal(readFileSync(join(root, 'there.zip'), 'utf8'), 'mine')
  })

function canMount(): boolean {
  const folder = mkdtempSync(join(root, 'mount-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  return isMounted
}
function mountAt(folder: string): void {
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  mounted.add(folder)
}
