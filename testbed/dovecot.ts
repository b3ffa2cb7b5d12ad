import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { testCertificates, type TestCertificate } from './certificates.ts'
import { freePorts } from './free-ports.ts'
import { answers } from './listening-program.ts'

export type DovecotWishes = {
  certificate?: TestCertificate
  /** Everybody's password; `dovecotPassword` by default. */
  password?: string
  /** Users that are refused whatever the password. */
  refused?: string[]
  /** Whether passwords are refused without TLS (`disable_plaintext_auth`). */
  needsTls?: boolean
  /** Mail root on /dev/shm, for benches. */
  inMemory?: boolean
  /** Prefix of personal folders, such as `INBOX/`. */
  namespacePrefix?: string
  /**
   * Sign-in by token too, checked by introspection (RFC 7662) at this URL; `mechanisms` are both by default. `anyUser`: a good token opens every mailbox.
   * https://doc.dovecot.org/2.3/configuration_manual/authentication/oauth2/
   */
  oauth2?: { introspectionUrl: string; mechanisms?: ('xoauth2' | 'oauthbearer')[]; anyUser?: boolean }
  /** More lines of dovecot.conf. */
  settings?: string
}

/** What the tests see of one folder of one user. `flags` are Maildir letters, such as S for \Seen. */
export type DovecotFolder = {
  path: string
  messages(): { file: string; flags: string; raw: Buffer }[]
  /** Takes away (or gives back) every right on the folder's directory. */
  deny(): void
  allow(): void
}

export type Dovecot = {
  host: string
  ports: { imap: number; imaps: number; pop3: number; pop3s: number }
  password: string
  caFile: string
  /** Puts a message (CRLF line ends) into a folder, INBOX by default; `flags` as in Maildir. Returns the file's name. */
  deliver(user: string, raw: Buffer | string, wishes?: { folder?: string; flags?: string; receivedAt?: number }): string
  mailbox(user: string, folder?: string): DovecotFolder
  /** Ends the user's sessions from the server's side. */
  kick(user: string): void
  log(): string
  stop(): Promise<void>
}

const mailUid = 5000
export const dovecotPassword = 'correct-horse'

/** Why Dovecot cannot be started here, with what to do; null when it can. */
export function dovecotMissing(): string | null {
  if (process.platform === 'win32') return 'Dovecot does not run on Windows.'
  if (process.getuid?.() !== 0) return 'Dovecot is started with its own user ids, which needs root.'
  if (spawnSync('dovecot', ['--version']).error) return 'Dovecot is not installed: apt-get install dovecot-imapd dovecot-pop3d'
  return null
}

/** Starts Dovecot on loopback with any user name and one password; Maildir below a temporary folder. */
export async function startDovecot(wishes: DovecotWishes = {}): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'dc-'))
  const mailRoot = mkdtempSync(join(wishes.inMemory && existsSync('/dev/shm') ? '/dev/shm' : folder, 'mail-'))
  for (const path of [folder, mailRoot]) chmodSync(path, 0o755)
  chownSync(mailRoot, mailUid, mailUid)
  const [imap = 0, imaps = 0, pop3 = 0, pop3s = 0] = await freePorts(4)
  const ports = { imap, imaps, pop3, pop3s }
  const file = join(folder, 'dovecot.conf')
  writeFileSync(join(folder, 'refused'), (wishes.refused ?? []).map((user) => `${user}:{PLAIN}x\n`).join(''))
  writeFileSync(join(folder, 'oauth2.conf.ext'), oauth2Configuration(wishes))
  writeFileSync(file, configuration(folder, mailRoot, ports, wishes))
  // Dovecot ends when this process ends, however it ends: the pipe to the shell closes then.
  const child = spawn('sh', ['-c', 'dovecot -F -c "$1" & read _; kill $!; wait', 'sh', file], { stdio: ['pipe', 'ignore', 'ignore'] })
  const log = (): string => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '')
  await untilListening(child, Object.values(ports), log)
  return {
    host: '127.0.0.1',
    ports,
    password: wishes.password ?? dovecotPassword,
    caFile: testCertificates().ca.certFile,
    deliver: (user, raw, how) => deliver(join(mailRoot, user), raw, how ?? {}),
    mailbox: (user, name) => folderAt(maildir(join(mailRoot, user), name ?? 'INBOX')),
    kick: (user) => void spawnSync('doveadm', ['-c', file, 'kick', user]),
    log,
    async stop() {
      if (child.exitCode === null) {
        const ended = new Promise((done) => child.once('exit', done))
        child.stdin.end()
        await ended
      }
      for (const path of [mailRoot, folder]) rmSync(path, { recursive: true, force: true })
    }
  }
}

async function untilListening(child: ChildProcess, ports: number[], log: () => string): Promise<void> {
  for (const port of ports) {
    for (let tries = 0; !(await answers(port)); tries++) {
      if (child.exitCode !== null || tries > 200) throw new Error(`Dovecot did not start:\n${log()}`)
      await sleep(25)
    }
  }
}

let deliveries = 0
function deliver(home: string, raw: Buffer | string, how: { folder?: string; flags?: string; receivedAt?: number }): string {
  const crlf = Buffer.from(raw)
  const stored = Buffer.from(crlf.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  const directory = maildir(home, how.folder ?? 'INBOX')
  makeMaildir(home, directory)
  deliveries++
  const seconds = Math.floor((how.receivedAt ?? Date.now()) / 1000)
  const size = `S=${stored.length},W=${crlf.length}`
  const name = `${seconds}.M${String(deliveries).padStart(6, '0')}P${process.pid}.testbed,${size}`
  const target = how.flags === undefined ? join(directory, 'new', name) : join(directory, 'cur', `${name}:2,${how.flags}`)
  const unfinished = join(directory, 'tmp', name)
  writeFileSync(unfinished, stored)
  chownSync(unfinished, mailUid, mailUid)
  writeFileSync(target, stored)
  chownSync(target, mailUid, mailUid)
  rmSync(unfinished)
  return name
}

function maildir(home: string, folder: string): string {
  const root = join(home, 'Maildir')
  return folder === 'INBOX' ? root : join(root, `.${folder.replaceAll('/', '.')}`)
}

const known = new Set<string>()
function makeMaildir(home: string, directory: string): void {
  if (known.has(directory) && existsSync(directory)) return
  known.add(directory)
  for (const path of [home, join(home, 'Maildir'), directory, ...['cur', 'new', 'tmp'].map((part) => join(directory, part))]) {
    mkdirSync(path, { recursive: true })
    chownSync(path, mailUid, mailUid)
  }
}

function folderAt(path: string): DovecotFolder {
  return {
    path,
    messages() {
      const found = ['new', 'cur'].flatMap((part) => {
        const directory = join(path, part)
        return existsSync(directory) ? readdirSync(directory).map((file) => ({ file, path: join(directory, file) })) : []
      })
      return found.sort((a, b) => (a.file < b.file ? -1 : 1)).map(({ file, path: at }) => ({ file, flags: /:2,([A-Za-z]*)$/.exec(file)?.[1] ?? '', raw: readFileSync(at) }))
    },
    deny: () => chmodSync(path, 0),
    allow: () => chmodSync(path, 0o755)
  }
}

function oauth2Configuration({ oauth2 }: DovecotWishes): string {
  if (oauth2 === undefined) return ''
  // A format without variables makes every user name equal to that of the token.
  const anyUser = oauth2.anyUser === true ? 'username_format = anybody\n' : ''
  return `introspection_mode = post\nintrospection_url = ${oauth2.introspectionUrl}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n${anyUser}`
}

function configuration(folder: string, mailRoot: string, ports: Dovecot['ports'], wishes: DovecotWishes): string {
  const certificate = wishes.certificate ?? testCertificates().good
  const mechanisms = wishes.oauth2 === undefined ? [] : (wishes.oauth2.mechanisms ?? ['xoauth2', 'oauthbearer'])
  const listener = (name: string, port: number, ssl: boolean): string => `  inet_listener ${name} {\n    address = 127.0.0.1\n    port = ${port}\n${ssl ? '    ssl = yes\n' : ''}  }\n`
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
info_log_path = ${folder}/log
listen = 127.0.0.1
protocols = imap pop3
ssl = yes
ssl_cert = <${certificate.certFile}
ssl_key = <${certificate.keyFile}
disable_plaintext_auth = ${wishes.needsTls ? 'yes' : 'no'}

auth_mechanisms = ${['plain login', ...mechanisms].join(' ')}
auth_failure_delay = 0
first_valid_uid = 100
mail_location = maildir:${mailRoot}/%u/Maildir
mail_max_userip_connections = 100
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/refused
  deny = yes
}
${mechanisms.length === 0 ? '' : `passdb {\n  driver = oauth2\n  mechanisms = ${mechanisms.join(' ')}\n  args = ${folder}/oauth2.conf.ext\n}`}
passdb {
  driver = static
  mechanisms = plain login
  args = password=${wishes.password ?? dovecotPassword}
}
userdb {
  driver = static
  args = uid=${mailUid} gid=${mailUid} home=${mailRoot}/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
${listener('imap', ports.imap, false)}${listener('imaps', ports.imaps, true)}}
service pop3-login {
${listener('pop3', ports.pop3, false)}${listener('pop3s', ports.pop3s, true)}}
namespace inbox {
  inbox = yes
  separator = /
  prefix = ${wishes.namespacePrefix ?? ''}
}
${wishes.settings ?? ''}
`
}
