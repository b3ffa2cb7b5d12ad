// Opens the console on the user's own data: in a window where one can be opened, otherwise served to a browser.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { home, ownNode } from './run-program.mjs'

const part = join(home, 'out', 'main', 'desktop-program.js')
const desktop = existsSync(part) ? (await import(pathToFileURL(part).href)).desktopProgram(process.env) : null
const asked = process.argv.slice(2)
const child = desktop === null ? spawn(ownNode, [join(home, 'bin', 'mailroom.js'), 'serve', ...asked], { stdio: 'inherit' }) : spawn(desktop.file, [...desktop.arguments, ...asked], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (status) => void (process.exitCode = status ?? 1))
