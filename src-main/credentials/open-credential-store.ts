import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from './credential-store.ts'
import { openKeychain } from './keychain.ts'
import { createVault, type Vault } from './vault.ts'

export type CredentialState = 'keychain' | 'vault' | 'vault-locked' | 'vault-new'

/** The credential store of a data folder, open or still to be opened by a passphrase. */
export interface OpenedCredentials extends CredentialStore {
  state(): CredentialState
  /** Why no keychain is used; null where one is, or none was asked. */
  keychainProblem(): string | null
  /** Throws ProblemError `wrong-passphrase`. */
  unlock(passphrase: string): Promise<void>
  /** Throws ProblemError `file-exists` where the vault is there already, `data-key-missing` where the folder holds data of another one. */
  create(passphrase: string): Promise<void>
}

export type CredentialNeeds = {
  /** `holdsData`: a new vault would not open what is there already, and would stand where the right one belongs. */
  folder: { id: string; path?: string; vaultFile: string; holdsData?(): Promise<boolean>; credentialKind(): 'keychain' | 'vault' | null; rememberCredentialKind(kind: 'keychain' | 'vault'): Promise<void> }
  /** MAILROOM_PASSPHRASE, or null. */
  passphrase: string | null
  /** false never asks the keychain of a folder that has no kind yet (a demo, a test). */
  preferKeychain: boolean
  env?: Readonly<Record<string, string | undefined>>
  platform?: NodeJS.Platform
  openKeychain?: typeof openKeychain
}

/**
 * A folder keeps its kind of store. A new one gets the keychain where that answers, else the vault. With a passphrase the vault is
 * unlocked, or made, at once. Throws ProblemError `wrong-passphrase`, and `keychain-unavailable` where the folder's secrets lie in
 * a keychain that does not answer.
 */
export async function openCredentialStore(needs: CredentialNeeds): Promise<OpenedCredentials> {
  const { folder, passphrase } = needs
  const vault = createVault(folder.vaultFile)
  const exists = await vault.exists()
  const kind = folder.credentialKind() ?? (exists ? 'vault' : null)
  const askKeychain = kind === 'keychain' || (kind === null && needs.preferKeychain)
  const keychain = askKeychain ? await tryKeychain(needs) : { store: null, problem: null }
  if (keychain.store !== null) {
    await folder.rememberCredentialKind('keychain')
    return fromKeychain(keychain.store)
  }
  if (kind === 'keychain' && keychain.problem !== null) throw keychain.problem
  const opened = await fromVault(vault, needs, exists, keychain.problem)
  if (passphrase !== null && opened.state() === 'vault-new') await opened.create(passphrase)
  else if (passphrase !== null) await opened.unlock(passphrase)
  return opened
}

async function tryKeychain(needs: CredentialNeeds): Promise<{ store: CredentialStore; problem: null } | { store: null; problem: ProblemError }> {
  try {
    const store = await (needs.openKeychain ?? openKeychain)({ id: needs.folder.id, env: needs.env ?? process.env, platform: needs.platform ?? process.platform })
    return { store, problem: null }
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'keychain-unavailable') return { store: null, problem: error }
    throw error
  }
}

function fromKeychain(store: CredentialStore): OpenedCredentials {
  const refuse = async (): Promise<void> => {
    throw new ProblemError({ code: 'in-use', what: 'credential store', name: 'keychain', by: [] })
  }
  return { ...store, state: () => 'keychain', keychainProblem: () => null, unlock: refuse, create: refuse }
}

async function fromVault(vault: Vault, { folder }: CredentialNeeds, exists: boolean, problem: ProblemError | null): Promise<OpenedCredentials> {
  let made = exists
  return {
    get: vault.get,
    set: vault.set,
    delete: vault.delete,
    accounts: vault.accounts,
    state: () => (vault.isOpen() ? 'vault' : made ? 'vault-locked' : 'vault-new'),
    keychainProblem: () => (problem?.problem.code === 'keychain-unavailable' ? problem.problem.reason : null),
    async unlock(passphrase) {
      await vault.unlock(passphrase)
      await folder.rememberCredentialKind('vault')
    },
    async create(passphrase) {
      if (!made && (await folder.holdsData?.()) === true) throw new ProblemError({ code: 'data-key-missing', folder: folder.path ?? folder.vaultFile })
      await vault.create(passphrase)
      made = true
      await folder.rememberCredentialKind('vault')
    }
  }
}
