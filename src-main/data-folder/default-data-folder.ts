import { posix, win32 } from 'node:path'

/** Where the console keeps its data when nobody says otherwise: `MAILROOM_DATA`, or the platform's application-data folder. */
export function defaultDataFolder(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  if (env.MAILROOM_DATA) return env.MAILROOM_DATA
  if (platform === 'win32') return win32.join(env.APPDATA || win32.join(env.USERPROFILE || 'C:\\', 'AppData', 'Roaming'), 'Mailroom')
  const home = env.HOME || '/'
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Mailroom')
  return posix.join(env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : posix.join(home, '.local', 'share'), 'mailroom')
}
