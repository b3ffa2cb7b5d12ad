import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { desktopProgram } from '../desktop-program.ts'
import { hostUntilStopped } from '../host-until-stopped.ts'
import { passphraseOf } from '../open-core.ts'
import { wholeNumber } from '../parse-command.ts'

/** `mailroom demo`: everything on a built-in mail server. */
export const demo: readonly Command[] = [
  {
    name: 'demo', arguments: '', takes: [0, 0], summary: 'Shows the whole product on a built-in mail server with sample mail.', example: 'mailroom demo --browser', run,
    flags: { browser: { help: 'in a browser even where the desktop window could open' }, port: { value: 'N', help: 'the port of the browser host; without it a free one' } }
  }
]

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const temporary = asked.value('data') === null ? await mkdtemp(join(tmpdir(), 'mailroom-demo-')) : null
  const dataFolder = temporary ?? tools.dataFolder
  // What is thrown away at the end needs no passphrase that anybody knows.
  const passphrase = passphraseOf(tools.env) ?? (temporary === null ? null : randomBytes(24).toString('base64url'))
  try {
    const desktop = asked.has('browser') ? null : desktopProgram(tools.env)
    return desktop === null ? await inBrowser(asked, tools, dataFolder, passphrase) : await inWindow(desktop, tools, dataFolder, passphrase)
  } finally {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true })
  }
}

async function inBrowser(asked: Asked, tools: Tools, dataFolder: string, passphrase: string | null): Promise<ExitStatus> {
  const port = wholeNumber('port', asked.value('port'), 0, 65_535) ?? 0
  tools.terminal.say('Starting the demo: a mail server with sample mail, and the console on it…')
  return hostUntilStopped(tools, { dataFolder, demo: true, passphrase, host: '127.0.0.1', port }, ({ url, supportUrl }) => {
    if (!tools.terminal.shows || asked.json) return `${JSON.stringify({ url, supportUrl })}\n`
    return `\nThe demo is ready. Open it in a browser:\n\n  ${url}\n\nAs the role support, which looks, tests and exports but changes nothing:\n\n  ${supportUrl}\n\nCtrl-C ends it${asked.value('data') === null ? ' and removes its data' : ''}.\n`
  })
}

function inWindow(program: { file: string; arguments: string[] }, tools: Tools, dataFolder: string, passphrase: string | null): Promise<ExitStatus> {
  tools.terminal.say('Starting the demo in a window…')
  const child = spawn(program.file, [...program.arguments, '--demo', `--data=${dataFolder}`], { stdio: 'inherit', env: { ...tools.env, ...(passphrase === null ? {} : { MAILROOM_PASSPHRASE: passphrase }) } })
  const off = tools.onStop(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (status) => {
      off()
      resolve(status === 0 || status === null ? 0 : 1)
    })
  })
}
