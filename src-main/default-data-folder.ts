import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The data folder: the one asked for, MAILROOM_DATA, or the platform's folder for application data. Absolute. */
export function dataFolderFrom(asked: string | undefined, env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  if (asked !== undefined && asked !== '') return resolve(asked)
  if (env.MAILROOM_DATA !== undefined && env.MAILROOM_DATA !== '') return resolve(env.MAILROOM_DATA)
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Mailroom')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Mailroom')
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'mailroom')
}
