import { startDovecot } from './dovecot.ts'
import { startFaultProxy } from './fault-proxy.ts'
import type { WireCase } from './fault-cases.ts'
import { compare, faultModes, patient, runOver, type FaultMode, type FaultRow, type Ground, type Whereabouts } from './fault-rig.ts'
import { mixedMessages } from './message-generator.ts'

/** One Dovecot with MOVE and one that does not offer it, each with proxies before its ports. */
export type FaultGround = { of(mode: FaultMode, tls: boolean): Ground; caFile: string; stop(): Promise<void> }

const withoutMove = 'imap_capability = IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE UIDPLUS CHILDREN UNSELECT AUTH=PLAIN AUTH=LOGIN'

export async function startFaultGround(count: number): Promise<FaultGround> {
  const messages = mixedMessages(count)
  const [dovecot, bare] = await Promise.all([startDovecot(), startDovecot({ settings: withoutMove })])
  const proxies = { imap: await startFaultProxy(dovecot.ports.imap), imaps: await startFaultProxy(dovecot.ports.imaps), pop3: await startFaultProxy(dovecot.ports.pop3), pop3s: await startFaultProxy(dovecot.ports.pop3s), bare: await startFaultProxy(bare.ports.imap), bares: await startFaultProxy(bare.ports.imaps) }
  return {
    caFile: dovecot.caFile,
    of: (mode, tls) =>
      mode === 'imap move by copy' ? { dovecot: bare, proxy: tls ? proxies.bares : proxies.bare, messages }
      : mode === 'pop3 delete' ? { dovecot, proxy: tls ? proxies.pop3s : proxies.pop3, messages }
      : { dovecot, proxy: tls ? proxies.imaps : proxies.imap, messages },
    async stop() {
      await Promise.all(Object.values(proxies).map((proxy) => proxy.stop()))
      await Promise.all([dovecot.stop(), bare.stop()])
    }
  }
}

/** How it looks in each mode where nothing goes wrong. */
export async function undisturbedRuns(ground: FaultGround, modes: readonly FaultMode[] = faultModes): Promise<Map<FaultMode, Whereabouts>> {
  const found = new Map<FaultMode, Whereabouts>()
  for (const mode of modes) {
    const ran = await runOver(ground.of(mode, false), { fault: 'none', mode, ...patient })
    if (ran.told.length > 0) throw new Error(`${mode}: ${ran.told.join(', ')} although nothing was wrong`)
    found.set(mode, ran.found)
  }
  return found
}

/** One fault in one mode, and what is different afterwards. */
export async function runWireCase(ground: FaultGround, { fault, tls = false, make }: WireCase, mode: FaultMode, undisturbed: ReadonlyMap<FaultMode, Whereabouts>): Promise<FaultRow & { struck: number }> {
  const own = ground.of(mode, tls)
  own.proxy.arm(make(own.messages.length))
  try {
    const { found, ...ran } = await runOver(own, { fault, mode, change: tls ? { security: 'tls', tls: { minVersion: 'TLSv1.2', caFile: ground.caFile, pin: null } } : {} })
    const before = undisturbed.get(mode)
    if (before === undefined) throw new Error(`${mode} was not run undisturbed`)
    return { ...ran, ...compare(before, found) }
  } finally {
    own.proxy.arm(null)
  }
}
