import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ProblemError } from '#contract/problem.ts'
import { withDiskProblems } from '../data-folder/disk-problem.ts'
import { unlessMissing } from '../data-folder/unless-missing.ts'
import { syncFolder } from '../data-folder/write-file-durably.ts'
import type { Secrets } from './backup-format.ts'
import { openBackup, type OpenBackup } from './read-backup.ts'

export type RestoreNeeds = {
  /** Asked before anything is written: refuses early where the secrets could be kept nowhere. */
  prepareCredentials: () => Promise<void>
  /** Makes the unpacked files a data folder of this computer with its secrets, and opens its database once. Throws ProblemError. */
  settle: (folder: string, secrets: Secrets) => Promise<void>
  progress: (bytes: number, total: number) => void
}
export type Restored = { folder: string; madeAt: string; product: string; files: number; bytes: number; secrets: number }

/**
 * Restores a backup to a folder that is empty or not there. Everything is written beside, proved and opened once, and gets its name at
 * the end: after a crash there is no folder, or the whole one. Throws ProblemError `folder-not-empty`, `wrong-passphrase`,
 * `backup-damaged`, `backup-newer`, `disk-full`, `data-folder-unwritable`.
 */
export async function restoreBackup(file: string, folder: string, passphrase: string, needs: RestoreNeeds): Promise<Restored> {
  const isThere = await mustBeEmpty(folder)
  const backup = await openBackup(file, passphrase)
  try {
    await needs.prepareCredentials()
    const name = `.restoring-${randomBytes(4).toString('hex')}`
    const staging = isThere ? join(folder, name) : `${folder}${name}`
    await withDiskProblems(folder, async () => {
      await mkdir(dirname(folder), { recursive: true })
      await mkdir(staging, { mode: 0o700 })
    })
    try {
      const bytes = await withDiskProblems(folder, () => unpack(backup, staging, needs))
      await needs.settle(staging, backup.secrets)
      await withDiskProblems(folder, () => (isThere ? moveInto(staging, folder) : publish(staging, folder)))
      return { folder, madeAt: backup.head.madeAt, product: backup.head.product, files: backup.files.length, bytes, secrets: backup.secrets.length }
    } catch (error) {
      await rm(staging, { recursive: true, force: true })
      throw error
    }
  } finally {
    backup.close()
  }
}

/** Whether the folder is there. Throws ProblemError `folder-not-empty`, also for a file of that name. */
async function mustBeEmpty(folder: string): Promise<boolean> {
  return withDiskProblems(folder, async () => {
    const found = await stat(folder).catch(unlessMissing(null))
    if (found === null) return false
    if (!found.isDirectory() || (await readdir(folder)).length > 0) throw new ProblemError({ code: 'folder-not-empty', folder })
    return true
  })
}

async function unpack(backup: OpenBackup, staging: string, { progress }: RestoreNeeds): Promise<number> {
  const total = backup.files.reduce((sum, { size }) => sum + size, 0)
  const folders = new Set([staging])
  let bytes = 0
  for (const one of backup.files) {
    const file = join(staging, ...one.path.split('/'))
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    folders.add(dirname(file))
    const handle = await open(file, 'wx', 0o600)
    try {
      for await (const piece of await backup.read(one)) {
        await handle.writeFile(piece as Buffer)
        progress((bytes += (piece as Buffer).length), total)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
  for (const made of folders) await syncFolder(made)
  return bytes
}

async function publish(staging: string, folder: string): Promise<void> {
  await rename(staging, folder)
  await syncFolder(dirname(folder))
}

/** Into a folder that was there, such as a mounted one; the file that makes it a data folder comes last. */
async function moveInto(staging: string, folder: string): Promise<void> {
  const names = (await readdir(staging)).sort((one, other) => Number(one === 'mailroom.json') - Number(other === 'mailroom.json'))
  for (const name of names) await rename(join(staging, name), join(folder, name))
  await rmdir(staging)
  await syncFolder(folder)
}
