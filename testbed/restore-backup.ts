import { createBackupFiles } from '../src-main/compose/backup.ts'
import { silentLog } from '../src-main/log/create-log.ts'

// Restores a backup in a process of its own, so that it can be killed; says when the first byte is written.
const [file = '', folder = '', passphrase = '', vaultPassphrase = ''] = process.argv.slice(2)
let hasBegun = false
const progress = (): void => {
  if (!hasBegun) process.stdout.write('begun\n')
  hasBegun = true
}
await createBackupFiles({ log: silentLog, env: { DBUS_SESSION_BUS_ADDRESS: '' }, vaultPassphrase: async () => vaultPassphrase }).restore({ file, folder, passphrase, progress })
