import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeychain } from '../src-main/credentials/keychain.ts'
import { createVault } from '../src-main/credentials/vault.ts'
import { systemClock, type Clock } from '../src-main/fetching/clock.ts'
import { compare, codeOf, fetchUntilQuiet, patient, runOver, serverOf, whereabouts, type Compared, type FaultMode, type FaultRow, type Ground, type Whereabouts } from './fault-rig.ts'
import { openFetchOffice } from './fetch-office.ts'
import { passwordConnection } from './password-connection.ts'

/** A fault on this side of the connection. `told` is what the user must be told; null where nothing needs to be said. */
export type LocalCase = { fault: string; told: string | null; run: (ground: Ground, mode: FaultMode, undisturbed: Whereabouts) => Promise<FaultRow> }

const day = 86_400_000
const row = (ran: Awaited<ReturnType<typeof runOver>>, undisturbed: Whereabouts): FaultRow => {
  const { found, struck: _struck, ...rest } = ran
  return { ...rest, ...compare(undisturbed, found) }
}

/** Why no small file system can be mounted here; null where one can. */
export function smallDiskMissing(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-mount-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
  return isMounted ? null : 'a small file system cannot be mounted here (root and Linux are needed)'
}

const diskFull: LocalCase = {
  fault: 'disk full, later room again', told: 'disk-full',
  async run(ground, mode, undisturbed) {
    const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-small-'))
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', dataFolder])
    let failed = 0
    try {
      return row(await runOver(ground, {
        fault: this.fault, mode, dataFolder, ...patient,
        async between(code) {
          if (code === 'disk-full' && ++failed === 2) spawnSync('mount', ['-o', 'remount,size=200m', dataFolder])
        }
      }), undisturbed)
    } finally {
      spawnSync('umount', [dataFolder])
      rmSync(dataFolder, { recursive: true, force: true })
    }
  }
}

/** The clock jumps in the middle of the first round. */
const clockJump = (fault: string, byMs: number): LocalCase => ({
  fault, told: null,
  async run(ground, mode, undisturbed) {
    let offset = 0
    const clock: Clock = { ...systemClock, now: () => Date.now() + offset }
    return row(await runOver(ground, { fault, mode, ...patient, office: { ...patient.office, clock }, onProgress: (done) => void (done >= 20 && (offset = byMs)) }), undisturbed)
  }
})

const locked = (fault: string, told: string, open: (password: string) => Promise<{ get: () => Promise<string | null>; unlock: () => Promise<void>; end: () => void }>): LocalCase => ({
  fault, told,
  async run(ground, mode, undisturbed) {
    const store = await open(ground.dovecot.password)
    let failed = 0
    try {
      return row(await runOver(ground, {
        fault, mode, ...patient, office: { ...patient.office, secretOf: async (user) => passwordConnection(user, (await store.get()) ?? '') },
        between: async (code) => { if (code === told && ++failed === 2) await store.unlock() }
      }), undisturbed)
    } finally {
      store.end()
    }
  }
})

const keychainLocked = locked('keychain locked, later open', 'keychain-unavailable', async (password) => {
  let isLocked = false
  const kept = new Map<string, string>()
  const guard = async <Result>(work: () => Result): Promise<Result> => {
    if (isLocked) throw new Error('Cannot get secret of a locked object')
    return work()
  }
  const keytar = {
    getPassword: (service: string, account: string) => guard(() => kept.get(`${service} ${account}`) ?? null), setPassword: (service: string, account: string, secret: string) => guard(() => void kept.set(`${service} ${account}`, secret)),
    deletePassword: (service: string, account: string) => guard(() => kept.delete(`${service} ${account}`)), findCredentials: () => guard(() => [])
  }
  const keychain = await openKeychain({ id: 'fault', env: { DBUS_SESSION_BUS_ADDRESS: 'x' }, platform: 'linux', load: async () => keytar })
  await keychain.set('server/it', password)
  isLocked = true
  return { get: () => keychain.get('server/it'), unlock: async () => void (isLocked = false), end: () => undefined }
})

const vaultLocked = locked('vault locked, later open', 'vault-locked', async (password) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-vault-'))
  const made = createVault(join(folder, 'vault.json'))
  await made.create('a passphrase for this')
  await made.set('server/it', password)
  const vault = createVault(join(folder, 'vault.json'))
  return { get: () => vault.get('server/it'), unlock: () => vault.unlock('a passphrase for this'), end: () => rmSync(folder, { recursive: true, force: true }) }
})

const newest = (folder: string, kind: string): string => join(folder, readdirSync(folder).filter((name) => name.startsWith(kind)).sort().at(-1) ?? 'missing')
const flip = (file: string, part: number): void => {
  const bytes = readFileSync(file)
  const at = Math.floor(bytes.length * part)
  bytes[at] = (bytes[at] ?? 0) ^ 0x20
  writeFileSync(file, bytes)
}
const cut = (file: string, part: number): void => truncateSync(file, Math.floor(readFileSync(file).length * part))

/** Half of the mail is taken in, a file is damaged, the console opened; then the file is put back, as from a backup, and the other half comes. */
const damaged = (fault: string, damage: (dataFolder: string) => void): LocalCase => ({
  fault, told: 'data-folder-damaged',
  async run({ dovecot, proxy, messages }, mode, undisturbed) {
    const user = `damaged${Math.random().toString(36).slice(2)}`
    const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-damaged-'))
    const copy = mkdtempSync(join(tmpdir(), 'mailroom-backup-'))
    const open = () => openFetchOffice(dataFolder, dovecot.password, { batchMessages: 20 }, { quiet: true, smallestCheckpoint: 30_000 })
    const fetch = async (some: typeof messages) => {
      for (const { raw } of some) dovecot.deliver(user, raw)
      const office = await open()
      try {
        return { ran: await fetchUntilQuiet(office, serverOf(mode, proxy.port, user)), found: await whereabouts(office, dovecot, user) }
      } finally {
        await office.close()
      }
    }
    try {
      const half = Math.floor(messages.length / 2)
      const first = await fetch(messages.slice(0, half))
      cpSync(dataFolder, copy, { recursive: true })
      damage(dataFolder)
      const before = filesOf(dataFolder)
      const told = await codeOf(async () => {
        const office = await open()
        await whereabouts(office, dovecot, user).finally(() => office.close())
      })
      const otherwise = filesOf(dataFolder) === before ? [] : ['the damaged folder was changed']
      rmSync(dataFolder, { recursive: true })
      cpSync(copy, dataFolder, { recursive: true })
      const second = await fetch(messages.slice(half))
      const compared: Compared = compare(undisturbed, second.found)
      return { fault, mode, taken: first.ran.taken + second.ran.taken, errors: first.ran.errors + second.ran.errors, rounds: first.ran.rounds + second.ran.rounds, told: told === null ? [] : [`1 ${told}`], ...compared, otherwise: [...compared.otherwise, ...otherwise] }
    } finally {
      for (const folder of [dataFolder, copy]) rmSync(folder, { recursive: true, force: true })
    }
  }
})
const filesOf = (folder: string): string => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => `${entry.name} ${readFileSync(join(entry.parentPath, entry.name)).toString('base64')}`).sort().join('\n')

const inDatabase = (kind: string, change: (file: string) => void) => (dataFolder: string): void => change(newest(join(dataFolder, 'database'), kind))

export const localCases: readonly LocalCase[] = [
  diskFull,
  clockJump('clock a day forward in a round', day), clockJump('clock an hour back in a round', -day / 24),
  keychainLocked, vaultLocked,
  damaged('database snapshot truncated', inDatabase('snapshot', (file) => cut(file, 0.6))),
  damaged('database snapshot, a byte flipped', inDatabase('snapshot', (file) => flip(file, 0.5))),
  damaged('journal cut in the middle', inDatabase('journal', (file) => cut(file, 0.5))),
  damaged('journal, its last byte cut off', inDatabase('journal', (file) => truncateSync(file, readFileSync(file).length - 1))),
  damaged('journal, a byte flipped', inDatabase('journal', (file) => flip(file, 0.5))),
  damaged('content pack truncated', (dataFolder) => cut(newest(join(dataFolder, 'content'), 'pack'), 0.5)),
  damaged('content pack, a byte flipped', (dataFolder) => flip(newest(join(dataFolder, 'content'), 'pack'), 0.5))
]
