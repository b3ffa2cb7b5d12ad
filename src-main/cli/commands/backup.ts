import { resolve } from 'node:path'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { newPassphraseFrom, passphraseFrom, passphraseOf } from '../open-core.ts'
import { usageFault } from '../parse-command.ts'
import { print } from '../print.ts'
import { mustNotExist, saveDownload } from '../save-download.ts'
import { sizeText } from '../size-text.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

const fromTerminal = 'The passphrase comes from MAILROOM_BACKUP_PASSPHRASE, or is asked for.'

/** `mailroom backup …`: a copy of the whole data folder in one file. */
export const backup: readonly Command[] = [
  { name: 'backup create', arguments: 'FILE', takes: [1, 1], flags: {}, summary: `Writes the whole data folder into one file, its key and all secrets in it under a passphrase. ${fromTerminal}`, example: 'mailroom backup create /backup/mailroom.mrb', run: create },
  { name: 'backup verify', arguments: 'FILE', takes: [1, 1], flags: {}, summary: `Reads a backup from end to end and says whether it is as it was written. ${fromTerminal}`, example: 'mailroom backup verify /backup/mailroom.mrb', run: verify },
  { name: 'backup restore', arguments: 'FILE', takes: [1, 1], flags: {}, summary: `Restores a backup to the folder of --data, which must be empty or not there. ${fromTerminal}`, example: 'mailroom backup restore /backup/mailroom.mrb --data /srv/mailroom', run: restore }
]

const fileOf = (asked: Asked): string => asked.positionals[0] ?? ''

async function create(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const file = fileOf(asked)
  await mustNotExist(file)
  const passphrase = checkedLength(backupPassphraseOf(tools) ?? (await newPassphraseFrom(tools.terminal, 'Without the passphrase nobody can restore the backup. Keep it apart from the file.', noPassphrase)))
  await tools.withConsole((core) => watchWork(core, tools, async (workId) => saveDownload(core, await core.call('backup.make', { passphrase, workId }), file)))
  await print(asked, tools, { file }, () => `${file} is a backup of ${tools.dataFolder}.\n`)
  return 0
}

async function verify(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const file = fileOf(asked)
  const files = await tools.openBackups()
  const found = await files.verify(file, await passphraseFor(tools), (bytes) => tools.terminal.progress(`read ${sizeText(bytes)}`))
  await print(asked, tools, { file, ...found }, () => `${file} is whole: ${found.files} files, ${sizeText(found.bytes)}, made ${when(found.madeAt)} by ${found.product}.\n`)
  return 0
}

async function restore(asked: Asked, tools: Tools): Promise<ExitStatus> {
  if (asked.value('data') === null && (tools.env.MAILROOM_DATA ?? '') === '') throw usageFault('“backup restore” needs --data DIR: the folder to restore to.')
  const files = await tools.openBackups()
  const passphrase = await passphraseFor(tools)
  const folder = resolve(tools.dataFolder)
  const restored = await files.restore({ file: fileOf(asked), folder, passphrase, progress: (bytes, total) => tools.terminal.progress(`${sizeText(bytes)} of ${sizeText(total)}`) })
  await print(asked, tools, restored, ({ files: count, bytes, madeAt }) => `${folder} is restored: ${count} files, ${sizeText(bytes)}, as it was ${when(madeAt)}.\nServers that fetched then fetch again as soon as it is opened: see to it that the other console does not.\nMail that waited to be sent then may have been sent since: it is uncertain now (mailroom outbox list --state uncertain).\n`)
  return 0
}

const backupPassphraseOf = ({ env }: Pick<Tools, 'env'>): string | null => passphraseOf(env, 'MAILROOM_BACKUP_PASSPHRASE')
const passphraseFor = async (tools: Tools): Promise<string> => backupPassphraseOf(tools) ?? passphraseFrom(tools.terminal, 'Passphrase of the backup', noPassphrase)

const noPassphrase = (): Error => usageFault('The passphrase of the backup is missing: set MAILROOM_BACKUP_PASSPHRASE, or run this at a terminal.')

function checkedLength(passphrase: string): string {
  if (passphrase.length < 8) throw usageFault('The passphrase of a backup has 8 characters or more.')
  return passphrase
}
