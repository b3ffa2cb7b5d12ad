import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from './free-ports.ts'

/**
 * A whole Postfix of its own on loopback that delivers every address to one Maildir. `settings` are lines of main.cf (postconf(5)); `{folder}` stands for its folder.
 * `stop` and `start` keep the port, the queue and what was delivered.
 */
export type Postfix = {
  port: number
  folder: string
  set(settings: Readonly<Record<string, string>>): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  /** Each message that was delivered, once its queue is empty. */
  delivered(): Promise<Buffer[]>
  end(): Promise<void>
}

/** Why Postfix cannot be started here, with what to do; null when it can. */
export function postfixMissing(): string | null {
  if (process.getuid?.() !== 0) return 'Postfix is started by root only.'
  return existsSync('/usr/sbin/postfix') ? null : 'Postfix is not installed: apt-get install postfix'
}

export async function startPostfix(settings: Readonly<Record<string, string>> = {}): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'postfix-'))
  chmodSync(folder, 0o755)
  const [port = 0] = await freePorts(1)
  for (const name of ['conf', 'queue', 'data', 'mail']) mkdirSync(join(folder, name))
  chownSync(join(folder, 'data'), idOf('postfix'), 0)
  chownSync(join(folder, 'mail'), nobody, nobody)
  const conf = join(folder, 'conf')
  const configure = (more: Readonly<Record<string, string>>): void => appendFileSync(join(conf, 'main.cf'), lines(folder, more))
  writeFileSync(join(conf, 'main.cf'), lines(folder, { ...usual, maillog_file_prefixes: tmpdir() }))
  writeFileSync(join(conf, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${services}`)
  configure(settings)

  const start = async (): Promise<void> => {
    await run(['postfix', '-c', conf, 'start'])
    process.once('exit', killed)
  }
  const stop = async (): Promise<void> => {
    process.off('exit', killed)
    await run(['postfix', '-c', conf, 'stop'])
  }
  const killed = (): void => void spawnSync('postfix', ['-c', conf, 'stop'])
  const maildir = join(folder, 'mail/box/new')
  await start()
  return {
    port, folder, start, stop,
    async set(more) {
      // Postfix takes the last of two lines with one name, and warns of the first.
      configure(more)
      await run(['postfix', '-c', conf, 'reload'])
      // The old processes answer until they notice.
      await sleep(500)
    },
    async delivered() {
      for (let tries = 0; tries < 600 && queued(folder) > 0; tries++) await sleep(50)
      return existsSync(maildir) ? readdirSync(maildir).map((name) => readFileSync(join(maildir, name))) : []
    },
    async end() {
      await stop().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

const nobody = 65534
const usual = {
  compatibility_level: '3.6', queue_directory: '{folder}/queue', data_directory: '{folder}/data', mail_owner: 'postfix', setgid_group: 'postdrop', maillog_file: '{folder}/mail.log',
  inet_interfaces: '127.0.0.1', inet_protocols: 'ipv4', myhostname: 'mx.example.org', mydestination: '', mynetworks: '127.0.0.0/8', alias_maps: '', local_recipient_maps: '',
  virtual_mailbox_domains: 'static:all', virtual_mailbox_base: '{folder}/mail', virtual_mailbox_maps: 'static:box/', virtual_uid_maps: `static:${nobody}`, virtual_gid_maps: `static:${nobody}`,
  smtpd_peername_lookup: 'no', smtpd_error_sleep_time: '0', smtpd_client_connection_rate_limit: '0'
}
const services = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
postlog unix-dgram n - n - 1 postlogd
`

const lines = (folder: string, settings: Readonly<Record<string, string>>): string => Object.entries(settings).map(([name, value]) => `${name} = ${value.replaceAll('{folder}', folder)}\n`).join('')
const idOf = (user: string): number => Number(readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${user}:[^:]*:(\\d+):`, 'm'))?.[1] ?? 0)
const queued = (folder: string): number => ['incoming', 'active', 'maildrop', 'deferred'].reduce((sum, name) => sum + (existsSync(join(folder, 'queue', name)) ? readdirSync(join(folder, 'queue', name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0), 0)

async function run([program = '', ...parameters]: string[]): Promise<void> {
  const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} ended with ${status}: ${said}`)
}
