import { categoryOf, type NoticeKind } from '#contract/notice.ts'
import type { Settings } from '#contract/settings.ts'

/** What the technicians behind the switch for application errors are mailed about; everything else only those whom a rule names. */
const technicians: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'connectivity-lost', 'connectivity-back', 'error-folder-full', 'message-failed', 'mailbox-identity-changed', 'expiry', 'mailbox-silent', 'mailbox-heard-again', 'disk-filling', 'history-broken'
])

/**
 * The addresses that are mailed when this happens at this server, each once however many rules name it: those of every enabled rule that
 * matches, and the technicians for application errors. `technicians` false: those are left out. Nobody where mail about its category is switched off.
 */
export const whomToTell = ({ applicationErrors, rules, categories }: Pick<Settings['alerts'], 'applicationErrors' | 'rules' | 'categories'>, notice: { kind: NoticeKind; server: string; technicians: boolean }): string[] => {
  if (!categories[categoryOf[notice.kind]].enabled) return []
  const matching = rules.filter(({ enabled, events, servers }) => enabled && events.includes(notice.kind) && (servers.length === 0 || servers.includes(notice.server)))
  const all = [...(applicationErrors.enabled && notice.technicians && technicians.has(notice.kind) ? applicationErrors.to : []), ...matching.flatMap(({ to }) => to)]
  return [...new Map(all.toReversed().map((address) => [address.toLowerCase(), address])).values()].toReversed()
}

/** The technicians who are mailed about mail that was taken, in the same transaction; nobody where mail about its category is switched off. */
export const techniciansToTell = ({ applicationErrors, categories }: Pick<Settings['alerts'], 'applicationErrors' | 'categories'>, kind: NoticeKind): string[] =>
  applicationErrors.enabled && categories[categoryOf[kind]].enabled ? applicationErrors.to : []
