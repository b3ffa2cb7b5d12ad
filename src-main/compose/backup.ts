import { wordsOf } from '#contract/problem-words.ts'
import { ProblemError } from '#contract/problem.ts'
import { createBackup, type BackupNeeds } from '../backup/make-backup.ts'
import { restoreBackup, type Restored } from '../backup/restore-backup.ts'
import { verifyBackup } from '../backup/read-backup.ts'
import { dataKeyAccount } from '../credentials/data-key.ts'
import { openCredentialStore, type CredentialNeeds, type OpenedCredentials } from '../credentials/open-credential-store.ts'
import { openDataFolder, type DataFolder } from '../data-folder/open-data-folder.ts'
import type { FileDatabase } from '../database/open-database.ts'
import { openDatabase } from '../database/open-database.ts'
import { historyTable } from '../database/history-table.ts'
import type { Log } from '../log/create-log.ts'
import type { Notify } from '../notices/notify.ts'

type Given = Pick<BackupNeeds, 'credentials' | 'downloads' | 'announce' | 'now'> & { folder: DataFolder; database: FileDatabase; product: string; notify: Notify }

/** Backups of the open data folder. */
export const composeBackup = ({ folder, database, notify, ...given }: Given): ReturnType<typeof createBackup> =>
  createBackup({
    ...given, folder: folder.path, folderId: folder.id, databaseFolder: folder.databaseFolder, contentFolder: folder.contentFolder, withDatabaseFiles: (work) => database.withFiles(work),
    record: async (who, bytes, fileName) => {
      const size = `${Math.ceil(bytes / 1_000_000)} MB`
      const changes = [{ field: 'size', from: '', to: size }]
      await database.transaction((transaction) => historyTable.add(transaction, { at: given.now().toISOString(), who, what: 'data folder', name: folder.id, action: 'backed up', changes, reason: null }))
      await notify.ring({ kind: 'backup-made', server: 'Mailroom', text: `A backup was made: ${fileName}, ${size}, handed to ${who}.`, problem: null })
    }
  })

export type BackupFiles = {
  verify(file: string, passphrase: string, progress: (bytes: number) => void): ReturnType<typeof verifyBackup>
  restore(order: { file: string; folder: string; passphrase: string; progress: (bytes: number, total: number) => void }): Promise<Restored>
}
export type BackupFilesNeeds = Pick<CredentialNeeds, 'env' | 'openKeychain'> & {
  log: Log
  /** The passphrase of the vault; asked where no keychain answers. Throws ProblemError `vault-locked` where there is none. */
  vaultPassphrase: () => Promise<string>
}

/** What can be done with a backup where no data folder is open. */
export const createBackupFiles = (needs: BackupFilesNeeds): BackupFiles => ({
  verify: verifyBackup,
  async restore({ file, folder, passphrase, progress }) {
    let vaultPassphrase: string | null = null
    return restoreBackup(file, folder, passphrase, {
      progress,
      prepareCredentials: async () => {
        const nowhere = { id: 'trial', vaultFile: `${folder}.no-vault`, credentialKind: () => null, rememberCredentialKind: async () => undefined }
        const store = await openCredentialStore({ ...needs, folder: nowhere, passphrase: null, preferKeychain: true })
        if (store.state() !== 'keychain') vaultPassphrase = longEnough(await needs.vaultPassphrase())
      },
      settle: async (staging, secrets) => {
        const opened = await openDataFolder(staging)
        try {
          // The key of what is there comes with the backup.
          const store = await openCredentialStore({ ...needs, folder: { ...opened, holdsData: async () => false }, passphrase: vaultPassphrase, preferKeychain: vaultPassphrase === null })
          // The data key comes last: without it nothing opens.
          for (const [account, secret] of [...secrets].sort(([one], [other]) => Number(one === dataKeyAccount) - Number(other === dataKeyAccount))) await store.set(account, secret)
          await openOnce(opened, store, file, needs.log).catch(async (error: unknown) => {
            for (const [account] of secrets) await store.delete(account)
            throw error
          })
          await opened.noteRestored(true)
        } finally {
          await opened.close()
        }
      }
    })
  }
})

function longEnough(passphrase: string): string {
  if (passphrase.length < 8) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'passphrase', message: 'The passphrase of the vault has 8 characters or more.' }] })
  return passphrase
}

/** Proves that the database opens with the data key of the backup, without a change. */
async function openOnce(folder: DataFolder, store: OpenedCredentials, file: string, log: Log): Promise<void> {
  const dataKey = await store.get(dataKeyAccount)
  if (dataKey === null) throw new ProblemError({ code: 'backup-damaged', file, reason: 'the data key is not in it' })
  try {
    const database = await openDatabase({ folder: folder.databaseFolder, dataKey: Buffer.from(dataKey, 'base64'), log, readOnly: true })
    await database.close()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const { problem } = error
    if (problem.code === 'data-folder-newer') throw new ProblemError({ code: 'backup-newer', file, version: problem.version, supported: problem.supported }, { cause: error })
    if (problem.code === 'data-folder-damaged') throw new ProblemError({ code: 'backup-damaged', file, reason: wordsOf(problem).title }, { cause: error })
    throw error
  }
}
