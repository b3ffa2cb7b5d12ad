import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const programs = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon']

/** Why no keyring can be started here; null where one can. */
export function keyringMissing(): string | null {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined)
  return missing.length === 0 ? null : `tests on a real keychain: ${missing.join(', ')} missing, install the packages dbus and gnome-keyring`
}

/** Makes and unlocks the login collection, waits until it answers as the default one, and becomes the command. */
const script = `
printf %s "$0" | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 1
ask() { dbus-send --session --print-reply=literal "$@" 2>&1; }
for try in $(seq 100); do
  if ask --dest=org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; then
    locked=$(ask --dest=org.freedesktop.secrets /org/freedesktop/secrets/aliases/default org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked)
    case $locked in *false*) exec "$@" ;; esac
  fi
  sleep 0.1
done
echo "The keyring was not open after 10 seconds: $locked" >&2
exit 1`

/** Runs a command on a session bus and an open keyring of its own, in a home that is gone afterwards; resolves with what it wrote to stdout. */
export async function onOwnKeyring(command: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'mailroom-keyring-'))
  const folder = (name: string): string => {
    mkdirSync(join(home, name), { mode: 0o700 })
    return join(home, name)
  }
  // A display or a bus from outside would let the daemon ask a person, or speak to that person's keyring.
  const env = {
    ...environment, HOME: home, XDG_RUNTIME_DIR: folder('run'), XDG_DATA_HOME: folder('data'), XDG_CONFIG_HOME: folder('config'), XDG_CACHE_HOME: folder('cache'),
    DBUS_SESSION_BUS_ADDRESS: undefined, GNOME_KEYRING_CONTROL: undefined, DISPLAY: undefined, WAYLAND_DISPLAY: undefined
  }
  try {
    return (await promisify(execFile)('dbus-run-session', ['--', 'bash', '-c', script, 'password of a test', ...command], { env })).stdout
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
