import { spawn, spawnSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { nativeMailSettings, type NativeMailState } from '#contract/native-mail.ts'
import { openConsoleUnderTest } from '../testbed/console-under-test.ts'
import { freePorts } from '../testbed/free-ports.ts'

// Messages a second from DATA to stored request through native mail, against a bare smtp-server that discards, in the same run; by Postfix's smtp-source.
// Usage: node bench/native.ts [messages] [bytes]
const [messages = '1000', bytes = '4000'] = process.argv.slice(2)
const connections = [1, 8, 20]
const rounds = 3

if (spawnSync('smtp-source', []).error !== undefined) {
  process.stderr.write('smtp-source is not installed: apt-get install postfix\n')
  process.exitCode = 2
} else await compare()

async function compare(): Promise<void> {
  const [bare, native] = [await startBare(), await startNative()]
  try {
    for (const sessions of connections) {
      // In turns, so that both have the same machine; the first turn warms up.
      const seconds: { bare: number[]; native: number[] } = { bare: [], native: [] }
      for (let turn = 0; turn <= rounds; turn++) {
        const times = { bare: await send(bare.port, 'discarded@localhost', sessions), native: await native.stored(() => send(native.port, native.address, sessions)) }
        if (turn === 0) continue
        seconds.bare.push(times.bare)
        seconds.native.push(times.native)
      }
      const [bareRate, nativeRate] = [Number(messages) / median(seconds.bare), Number(messages) / median(seconds.native)]
      console.log(JSON.stringify({ what: 'native mail', connections: sessions, messages: Number(messages), bytes: Number(bytes), storedPerSecond: Math.round(nativeRate), bareDiscardedPerSecond: Math.round(bareRate), share: Math.round((100 * nativeRate) / bareRate) / 100 }))
    }
  } finally {
    await bare.stop()
    await native.stop()
  }
}

/** The same library with nothing behind it. */
async function startBare(): Promise<{ port: number; stop(): Promise<void> }> {
  const server = new SMTPServer({
    name: 'localhost', logger: false, disableReverseLookup: true, disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => void stream.on('end', () => done(null)).resume()
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.server.address() as AddressInfo).port, stop: () => new Promise((resolve) => server.close(resolve)) }
}

async function startNative() {
  const console = await openConsoleUnderTest()
  const [port = 0] = await freePorts(1)
  const settings = nativeMailSettings.parse({ host: 'localhost', listen: '127.0.0.1', port, authentication: 'ignore' })
  const { supportAddress } = await console.must<NativeMailState>('native-mail.activate', { settings, reason: null })
  const count = async (): Promise<number> => (await console.must<{ total: number }>('requests.list', { limit: 1 })).total
  return {
    port, address: supportAddress ?? '', stop: console.stop,
    /** Runs a round and makes sure that every message of it has become a request. */
    async stored(round: () => Promise<number>): Promise<number> {
      const before = await count()
      const seconds = await round()
      const added = (await count()) - before
      if (added !== Number(messages)) throw new Error(`${messages} messages were acknowledged and ${added} requests stored`)
      return seconds
    }
  }
}

function send(port: number, to: string, sessions: number): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    // A name of its own for each round makes other Message-IDs: the same message twice is no request.
    const child = spawn('smtp-source', ['-d', '-s', String(sessions), '-m', messages, '-l', bytes, '-M', `r${Math.round(started)}.example`, '-f', 'ann@customer.example', '-t', to, `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject).on('close', (status) => (status === 0 ? resolve((performance.now() - started) / 1000) : reject(new Error(`smtp-source ended with ${status}`))))
  })
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
