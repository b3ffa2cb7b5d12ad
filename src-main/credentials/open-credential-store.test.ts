import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { openDataFolder, type DataFolder } from '../data-folder/open-data-folder.ts'
import type { CredentialStore } from './credential-store.ts'
import { dataKeyOf } from './data-key.ts'
import { openKeychain } from './keychain.ts'
import { openCredentialStore } from './open-credential-store.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-credentials-'))
})
after(() => rm(root, { recursive: true, force: true }))
const problem = (code: string) => (error: unknown) => error instanceof ProblemError && error.problem.code === code

function inMemory(): CredentialStore {
  const secrets = new Map<string, string>()
  return {
    get: async (account) => secrets.get(account) ?? null,
    set: async (account, secret) => void secrets.set(account, secret),
    delete: async (account) => secrets.delete(account),
    accounts: async () => [...secrets.keys()]
  }
}
const answers = async () => inMemory()
const silent = async (): Promise<CredentialStore> => {
  throw new ProblemError({ code: 'keychain-unavailable', reason: 'there is none' })
}
const inFolder = async (name: string, work: (folder: DataFolder) => Promise<void>) => {
  const folder = await openDataFolder(join(root, name))
  try {
    await work(folder)
  } finally {
    await folder.close()
  }
}

test('a new folder gets the keychain where one answers, and keeps it', () =>
  inFolder('keychain', async (folder) => {
    const store = await openCredentialStore({ folder, passphrase: null, preferKeychain: true, openKeychain: answers })
    assert.equal(store.state(), 'keychain')
    assert.equal(folder.credentialKind(), 'keychain')
    await assert.rejects(openCredentialStore({ folder, passphrase: 'a passphrase', preferKeychain: false, openKeychain: silent }), problem('keychain-unavailable'))
  }))

test('without a keychain the vault is made in the console, then unlocked', () =>
  inFolder('vault', async (folder) => {
    const made = await openCredentialStore({ folder, passphrase: null, preferKeychain: true, openKeychain: silent })
    assert.equal(made.state(), 'vault-new')
    assert.equal(made.keychainProblem(), 'there is none')
    await assert.rejects(made.set('server/it', 'x'), problem('vault-locked'))
    assert.equal(folder.credentialKind(), null)
    await made.create('a passphrase')
    assert.equal(made.state(), 'vault')
    await made.set('server/it', 'secret')

    const locked = await openCredentialStore({ folder, passphrase: null, preferKeychain: true, openKeychain: answers })
    assert.equal(locked.state(), 'vault-locked')
    await assert.rejects(locked.unlock('not the passphrase'), problem('wrong-passphrase'))
    await locked.unlock('a passphrase')
    assert.equal(locked.state(), 'vault')
    assert.equal(await locked.get('server/it'), 'secret')
    await assert.rejects(openCredentialStore({ folder, passphrase: 'not the passphrase', preferKeychain: true }), problem('wrong-passphrase'))
  }))

test('a passphrase makes and opens the vault at once', () =>
  inFolder('passphrase', async (folder) => {
    const made = await openCredentialStore({ folder, passphrase: 'a passphrase', preferKeychain: false })
    assert.equal(made.state(), 'vault')
    const again = await openCredentialStore({ folder, passphrase: 'a passphrase', preferKeychain: true, openKeychain: answers })
    assert.equal(again.state(), 'vault')
  }))

test('the data key is made once, and never over data that another key encrypted', () =>
  inFolder('data-key', async (folder) => {
    const store = inMemory()
    const key = await dataKeyOf(store, folder)
    assert.equal(key.length, 32)
    assert.deepEqual(await dataKeyOf(store, folder), key)
    await mkdir(folder.databaseFolder)
    await writeFile(join(folder.databaseFolder, 'journal-00000000000001'), 'x')
    assert.deepEqual(await dataKeyOf(store, folder), key)
    await assert.rejects(dataKeyOf(inMemory(), folder), problem('data-key-missing'))
  }))

test('a keychain that is not there, hangs or forgets is unavailable, with a reason', async () => {
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }
  const keytar = { getPassword: async () => null, setPassword: async () => undefined, deletePassword: async () => true, findCredentials: async () => [] }
  const never = () => new Promise<never>(() => undefined)
  const cases = [
    [{ env: {} }, /no D-Bus session/],
    [{ env, load: () => Promise.reject(new Error('libsecret-1.so.0')) }, /cannot be loaded/],
    [{ env, load: async () => ({ ...keytar, setPassword: never }), limitMs: 50 }, /did not answer within 1 second/],
    [{ env, load: async () => ({ ...keytar, setPassword: () => Promise.reject(new Error('locked')) }) }, /refused: locked/],
    [{ env, load: async () => keytar }, /did not give back/]
  ] as const
  for (const [needs, reason] of cases)
    await assert.rejects(openKeychain({ id: 'x', platform: 'linux', ...needs }), (error) => error instanceof ProblemError && error.problem.code === 'keychain-unavailable' && reason.test(error.problem.reason))
})
