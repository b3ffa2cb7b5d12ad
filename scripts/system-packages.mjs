import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { outputOf, say } from './run-program.mjs'

/** A package of Debian, by what tells that it is there (any of the files, or a program on the path), and what is left out without it. */
const forKeychain = [
  { name: 'libsecret-1-0', files: ['libsecret-1.so.0'], without: 'the keychain (passwords go to the vault)' },
  { name: 'libsecret-1-dev', files: ['libsecret-1.so'], without: 'building keytar where no built one can be downloaded (passwords go to the vault)' }
]
const forTests = [
  { name: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'], without: 'the tests in a browser and in the window (e2e)' },
  { name: 'dovecot-imapd', files: ['dovecot/imap'], without: 'the tests on a real IMAP server' },
  { name: 'dovecot-pop3d', files: ['dovecot/pop3'], without: 'the tests on a real POP3 server' },
  { name: 'postfix', programs: ['smtp-sink'], without: 'the tests on a real SMTP server' },
  { name: 'postgrey', programs: ['postgrey'], without: 'the greylisted case of the bench of sending' },
  { name: 'python3-dkim', files: ['python3/dist-packages/dkim/__init__.py'], without: 'the tests of DKIM signatures by another program' },
  { name: 'gnome-keyring', programs: ['gnome-keyring-daemon'], without: 'the tests on a real keychain' },
  { name: 'dbus', programs: ['dbus-run-session', 'dbus-daemon'], without: 'the tests on a real keychain' },
  { name: 'openssl', programs: ['openssl'], without: 'the tests with certificates' },
  { name: 'isync', programs: ['mbsync'], without: 'the comparison with mbsync in the bench' },
  { name: 'fetchmail', programs: ['fetchmail'], without: 'the comparison with fetchmail in the bench' },
  { name: 'fonts-dejavu-core', files: ['truetype/dejavu/DejaVuSans.ttf'], without: 'screenshots with readable text' }
]

const folders = [
  ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/lib', '/usr/lib64', '/lib', '/usr/local/lib', '/usr/libexec', '/usr/share/fonts',
  ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')).map((name) => join('/usr/lib', name)) : [])
].filter((folder) => folder !== '')
const isThere = (name) => folders.some((folder) => existsSync(join(folder, name)))
const missingOf = (wanted) => wanted.filter(({ programs = [], files = [] }) => ![...programs, ...files].some(isThere))

/** What is missing for `purpose`; nothing where the system is not Linux and needs none of it. */
export const missingPackages = (purpose) => (process.platform === 'linux' ? missingOf(purpose === 'test' ? [...forKeychain, ...forTests] : forKeychain) : purpose === 'test' ? missingOf(forTests.filter(({ name }) => !name.startsWith('fonts'))) : [])

/** Installs what is missing where the user may; elsewhere says what to install. Resolves with what is still missing. */
export async function installPackages(purpose) {
  const missing = missingPackages(purpose)
  if (missing.length === 0) return []
  const names = missing.map(({ name }) => name)
  if (mayInstall()) await install(names)
  const still = missingPackages(purpose)
  if (still.length > 0) say(['', 'These system packages are missing:', ...still.map(({ name, without }) => `  ${name.padEnd(18)} without it: no ${without.replace(/^the /, '')}`), `Install them with: ${howTo(still.map(({ name }) => name))}`, ''].join('\n'))
  return still
}

const mayInstall = () => process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version')

const howTo = (names) => (existsSync('/usr/bin/apt-get') ? `sudo apt-get install ${names.join(' ')}` : `your system's package manager (the names are Debian's): ${names.join(' ')}`)

async function install(names) {
  say(`Installing system packages: ${names.join(' ')}`)
  const parameters = ['install', '-y', '-q', '--no-install-recommends', ...names]
  await withoutServices(async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    let { status, text } = await outputOf('apt-get', parameters, { env, limitMs: 600_000 })
    if (status !== 0) {
      await outputOf('apt-get', ['update', '-q'], { env, limitMs: 120_000 })
      ;({ status, text } = await outputOf('apt-get', parameters, { env, limitMs: 600_000 }))
    }
    if (status !== 0) say(`apt-get did not succeed:\n${text.split('\n').slice(-8).join('\n')}`)
  })
}

/** Debian starts a service when its package is installed, unless this file says no (policy-rc.d). One that is there already stays. */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

/** Whether a program is on the path. */
export const programIsThere = (name) => isThere(name)

