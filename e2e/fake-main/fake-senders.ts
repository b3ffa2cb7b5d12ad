import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { Problem } from '../../src-contract/problem.ts'
import type { SenderAddress } from '../../src-contract/sender-address.ts'
import { ago } from './sample-configuration.ts'

type Needs = { wished: (wish: string) => boolean; announce: (name: 'senders-changed', detail: Record<never, never>) => void; fail: (problem: Problem) => never; later: (ms: number) => Promise<void> }
type SenderCall = Extract<CallName, `senders.${string}`>
type SenderCalls = { [Name in SenderCall]: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const codeOf = (more: Partial<NonNullable<SenderAddress['code']>> = {}): SenderAddress['code'] => ({ sentAt: new Date().toISOString(), expiresAt: inMs(1_800_000), triesLeft: 5, nextAt: inMs(60_000), mail: { state: 'sent', problem: null }, ...more })

/** Sender addresses; every code is 12345678. */
export function senderCalls({ wished, announce, fail, later }: Needs): SenderCalls {
  let senders: SenderAddress[] = wished('empty') ? [] : [
    { address: 'alerts@example.com', kind: 'group', verifiedAt: null, code: codeOf({ mail: { state: 'waiting', problem: { code: 'host-unreachable', host: 'mail.example.com', port: 587 } } }), usedBy: ['Service desk at night', 'Application errors'] },
    { address: 'hr@example.com', kind: 'sender', verifiedAt: null, code: codeOf({ sentAt: ago(120_000), nextAt: ago(60_000), triesLeft: 3 }), usedBy: ['reserve'] },
    { address: 'it@example.com', kind: 'sender', verifiedAt: ago(9 * 86_400_000), code: null, usedBy: ['main'] },
    { address: 'office@example.com', kind: 'sender', verifiedAt: null, code: codeOf({ sentAt: ago(3_600_000), expiresAt: ago(1_800_000), nextAt: ago(3_500_000), triesLeft: 0 }), usedBy: [] }
  ]
  const put = (address: string, part: Partial<SenderAddress>): SenderAddress => {
    senders = senders.map((one) => (one.address === address ? { ...one, ...part } : one))
    announce('senders-changed', {})
    return named(address)
  }
  const named = (address: string): SenderAddress => senders.find((one) => one.address === address) ?? fail({ code: 'not-found', what: 'sender address', name: address, nearest: null })
  return {
    'senders.list': () => senders,
    'senders.add': ({ address, kind }) => {
      if (senders.some((one) => one.address === address)) fail({ code: 'name-taken', what: 'sender address', name: address })
      senders = [...senders, { address, kind, verifiedAt: null, code: codeOf(), usedBy: [] }].sort((one, other) => (one.address < other.address ? -1 : 1))
      return put(address, {})
    },
    'senders.send-code': ({ address }) => put(address, { code: codeOf() }),
    'senders.verify': async ({ address, code }) => {
      await later(wished('slow') ? 1_000 : 0)
      const triesLeft = Math.max(0, (named(address).code?.triesLeft ?? 0) - 1)
      if (code === '12345678') return put(address, { verifiedAt: new Date().toISOString(), code: null })
      put(address, { code: codeOf({ triesLeft }) })
      return fail({ code: 'code-wrong', triesLeft })
    },
    'senders.delete': ({ address }) => { senders = senders.filter((one) => one.address !== address); announce('senders-changed', {}) }
  }
}
