import type { AccessToken } from '../../src-contract/access.ts'
import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { Events } from '../../src-contract/events.ts'
import type { HistoryEntry } from '../../src-contract/history.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { ago } from './sample-configuration.ts'

type Needs = { wished: (wish: string) => boolean; announce: (name: 'access-changed' | 'history-grew', detail: Events['access-changed']) => void; fail: (problem: Problem) => never }
type AccessCall = Extract<CallName, `access.${string}` | `history.${string}`>
type AccessCalls = { [Name in AccessCall]: (input: ParsedInput<Name>) => CallAnswer<Name> }

const head = '9f2b7c4e1d8a6035f7e2c9b41a0d3e68c5f7a2b19d4e8360bb71c2f5a9e04d83'
const entries = (): HistoryEntry[] => [
  { id: 7, at: ago(12 * 60_000), who: 'Ann (browser)', what: 'access', name: 'prometheus', action: 'added', changes: [{ field: 'role', from: '', to: 'support' }, { field: 'token', from: '', to: 'added' }], reason: 'Metrics', hash: head, hasVersion: false },
  { id: 6, at: ago(25 * 60_000), who: 'Ann (browser)', what: 'incoming server', name: 'it', action: 'restored', changes: [{ field: 'folder', from: 'Inbox/Old', to: 'INBOX' }], reason: 'Wrong folder', hash: head, hasVersion: true },
  { id: 5, at: ago(35 * 60_000), who: 'administrator in a browser', what: 'incoming server', name: 'it', action: 'started', changes: [], reason: null, hash: head, hasVersion: true },
  { id: 4, at: ago(37 * 60_000), who: 'administrator in a browser', what: 'incoming server', name: 'hr', action: 'changed', changes: [{ field: 'fetchEvery', from: '5m', to: '1m' }, { field: 'secret', from: '', to: 'changed' }], reason: 'Ticket 4711: answers too slow', hash: head, hasVersion: true },
  { id: 3, at: ago(25 * 3_600_000), who: 'ann', what: 'partition', name: 'HR', action: 'deleted', changes: [{ field: 'outgoing', from: 'reserve', to: '' }], reason: null, hash: head, hasVersion: true },
  { id: 2, at: ago(26 * 3_600_000), who: 'ann', what: 'outgoing server', name: 'main', action: 'added', changes: [{ field: 'host', from: '', to: 'mail.example.com' }, { field: 'port', from: '', to: '587' }, { field: 'security', from: '', to: 'starttls' }], reason: null, hash: head, hasVersion: true },
  { id: 1, at: ago(27 * 3_600_000), who: 'ann', what: 'settings', name: 'settings', action: 'changed', changes: [{ field: 'alerts.connectivity.afterFailures', from: '5', to: '3' }], reason: 'Told earlier', hash: null, hasVersion: false }
]

/** History and access: the PIN is 2468; `locked`, `pin-open` and `no-pin` are a desktop window. */
export function accessCalls({ wished, announce, fail }: Needs) {
  let pin: 'none' | 'locked' | 'open' = wished('locked') ? 'locked' : wished('pin-open') ? 'open' : 'none'
  let triesLeft = 5
  let tokens: AccessToken[] = wished('empty') || wished('no-pin') ? [] : [{ name: 'Ann', role: 'administrator', createdAt: ago(40 * 86_400_000), lastUsedAt: ago(90_000), secondFactor: 'ann@example.com' }, { name: 'prometheus', role: 'support', createdAt: ago(12 * 60_000), lastUsedAt: null, secondFactor: null }]
  const check = (typed: string | null): void => {
    if (pin === 'none' || typed === '2468') return
    triesLeft--
    fail(triesLeft < 0 ? { code: 'too-many-tries', waitMs: 30_000 } : { code: 'wrong-pin', triesLeft })
  }
  const isDesktop = wished('locked') || wished('pin-open') || wished('no-pin')
  const state = (): { host: 'desktop' | 'browser'; role: 'support' | 'administrator'; pin: typeof pin } => ({ host: isDesktop ? 'desktop' : 'browser', role: wished('support') || pin === 'locked' ? 'support' : 'administrator', pin })
  const become = (next: typeof pin): void => {
    pin = next
    announce('access-changed', {})
  }
  const calls: AccessCalls = {
    'access.unlock': ({ pin: typed }) => { check(typed); triesLeft = 5; become('open') },
    'access.lock': () => become('locked'),
    'access.set-pin': ({ current, pin: next }) => { check(current); become(next === null ? 'none' : 'open') },
    'access.reset-pin': () => ({ wasSet: false }),
    'access.tokens': () => tokens,
    'access.add-token': ({ name, role, secondFactor }) => {
      if (tokens.some((token) => token.name === name)) fail({ code: 'name-taken', what: 'access token', name })
      tokens = [...tokens, { name, role, createdAt: new Date().toISOString(), lastUsedAt: null, secondFactor }]
      announce('access-changed', {})
      return { token: 'pW3v8mQzT1xY6rKc0bNfH5sLdJ9aGeUo2iVtXqRwZk4' }
    },
    'access.revoke-token': ({ name }) => { tokens = tokens.filter((token) => token.name !== name); announce('access-changed', {}) },
    'history.list': ({ what, who, name, query, before, limit }) =>
      wished('empty') ? [] : entries().filter((entry) => (what === null || entry.what === what) && (who === null || entry.who === who) && (name === null || entry.name === name) && (before === null || entry.id < before) && JSON.stringify(entry).toLowerCase().includes(query.toLowerCase())).slice(0, limit),
    'history.verify': () => ({ isIntact: !wished('broken'), entries: 1_204, unchained: 1, head, at: new Date().toISOString(), broken: wished('broken') ? { id: 871, reason: 'it was changed after it was written' } : null }),
    'history.version': ({ id }) => {
      const entry = entries().find((one) => one.id === id) ?? fail({ code: 'not-found', what: 'history entry', name: String(id), nearest: null })
      if (entry.what === 'partition') return { entry, isGone: true, differences: [{ field: 'name', now: '', then: 'HR' }, { field: 'outgoing', now: '', then: 'reserve-2' }, { field: 'default', now: '', then: 'no' }], issues: [{ path: 'partition.outgoing', message: 'There is no outgoing server `reserve-2` — did you mean `reserve`?' }], warnings: [], canRestore: false }
      const isRunning = entry.name === 'it'
      return {
        entry, isGone: false, differences: [{ field: 'fetchEvery', now: '5m', then: '1m' }, { field: 'folder', now: 'INBOX', then: 'Inbox/Helpdesk' }, { field: 'addresses', now: 'hr@example.com', then: 'hr@example.com, people@example.com' }],
        issues: isRunning ? [{ path: 'enabled', message: '“it” is fetching mail. Stop fetching first, make the change, and start it again.' }] : [], warnings: ['Its password or client secret is no part of a version: the one that is stored now stays.'], canRestore: !isRunning
      }
    },
    'history.restore': () => { announce('history-grew', {}); return { warnings: [] } }
  }
  return { calls, state }
}
