import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { EventListener } from '../console.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Downloads } from '../work/downloads.ts'
import { makeHead, type Secrets } from './backup-format.ts'
import { filesToCopy, type CopyNeeds } from './files-to-copy.ts'
import { writeBackup } from './write-backup.ts'

export type BackupNeeds = CopyNeeds & {
  /** Names the data folder. */
  folderId: string
  product: string
  credentials: CredentialStore
  downloads: Pick<Downloads, 'begin'>
  announce: EventListener
  /** Writes into the history that a backup was taken, and tells people. */
  record: (who: string, bytes: number, fileName: string) => Promise<void>
  now: () => Date
}

const megabyte = 1_000_000

/**
 * The call `backup.make`: a copy of the data folder, whose files are encrypted already, with the data key and all secrets under the
 * passphrase. Nothing stops meanwhile. Throws ProblemError `vault-locked`, `keychain-unavailable`.
 */
export const createBackup = (needs: BackupNeeds) => async ({ passphrase, workId }: ParsedInput<'backup.make'>, caller: Parameters<Downloads['begin']>[1]): Promise<CallAnswer<'backup.make'>> => {
  const madeAt = needs.now().toISOString()
  const { head, keys } = await makeHead({ madeAt, product: needs.product, folder: needs.folderId }, passphrase, await allSecrets(needs.credentials))
  const fileName = `mailroom-backup-${madeAt.slice(0, 10)}.mrb`
  return needs.downloads.begin({
    fileName, mediaType: 'application/octet-stream', workId,
    write: async (output, signal) => {
      const { files, close } = await filesToCopy(needs)
      const total = files.reduce((sum, { length }) => sum + (length ?? 0), 0)
      let told = -1
      let bytes = 0
      const progress = (done: number): void => {
        bytes = done
        const step = Math.floor(done / megabyte)
        if (step === told) return
        told = step
        needs.announce('work-progressed', { workId, done: Math.min(step, Math.ceil(total / megabyte)), total: Math.ceil(total / megabyte), what: 'MB of the data folder' })
      }
      try {
        await writeBackup({ head, keys, files }, { output, signal, progress, now: needs.now() })
      } finally {
        await close()
      }
      await needs.record(caller.who, bytes, fileName)
    }
  }, caller)
}

async function allSecrets(credentials: CredentialStore): Promise<Secrets> {
  const secrets: Secrets = []
  for (const account of await credentials.accounts()) {
    const secret = await credentials.get(account)
    if (secret !== null) secrets.push([account, secret])
  }
  return secrets
}
