import type { ComponentType } from 'react'
import { AccessPage } from '../pages/access/access-page.tsx'
import { AttachmentsPage } from '../pages/attachments/attachments-page.tsx'
import { ConfigurationPage } from '../pages/configuration/configuration-page.tsx'
import { ConversationsPage } from '../pages/conversations/conversations-page.tsx'
import { DashboardPage } from '../pages/dashboard/dashboard-page.tsx'
import { EmailCommandPage } from '../pages/email-command/email-command-page.tsx'
import { EmailSettingsPage } from '../pages/email-settings/email-settings-page.tsx'
import { ExpiriesPage } from '../pages/expiries/expiries-page.tsx'
import { ErrorFolderPage } from '../pages/error-folder/error-folder-page.tsx'
import { HandOverPage } from '../pages/hand-over/hand-over-page.tsx'
import { HistoryPage } from '../pages/history/history-page.tsx'
import { LedgerPage } from '../pages/ledger/ledger-page.tsx'
import { MailTemplatesPage } from '../pages/mail-templates/mail-templates-page.tsx'
import { NativeMailPage } from '../pages/native-mail/native-mail-page.tsx'
import { OutboxPage } from '../pages/outbox/outbox-page.tsx'
import { PartitionsPage } from '../pages/partitions/partitions-page.tsx'
import { PeoplePage } from '../pages/people/people-page.tsx'
import { RequestsPage } from '../pages/requests/requests-page.tsx'
import { SendersPage } from '../pages/senders/senders-page.tsx'
import { SettingsPage } from '../pages/settings/settings-page.tsx'
import { SpamFilterPage } from '../pages/spam-filter/spam-filter-page.tsx'
import { StoragePage } from '../pages/storage/storage-page.tsx'
import { TemplatesPage } from '../pages/templates/templates-page.tsx'
import { TryMessagePage } from '../pages/try-message/try-message-page.tsx'

export type Page = { id: string; title: string; group: 'System' | 'Mail' | 'Rules' | 'Records'; keywords: string; Content: ComponentType }

/** Everything in the explorer, in its order. A page without effect has no place here. */
export const pages: readonly Page[] = [
  { id: 'dashboard', title: 'Dashboard', group: 'System', keywords: 'status health plots mail per hour delay queue failed rounds metrics', Content: DashboardPage },
  { id: 'email-settings', title: 'E-mail settings', group: 'System', keywords: 'servers incoming outgoing imap pop3 smtp ews graph gmail fetch mail server configuration switch to custom configurations', Content: EmailSettingsPage },
  { id: 'native-mail', title: 'Native mail', group: 'System', keywords: 'receive smtp activate account support address mail server forwarding migration switch and configure', Content: NativeMailPage },
  { id: 'expiries', title: 'Expiries', group: 'System', keywords: 'calendar secret certificate sign-in ends expires retirement', Content: ExpiriesPage },
  { id: 'partitions', title: 'Partitions', group: 'System', keywords: 'departments', Content: PartitionsPage },
  { id: 'templates', title: 'Request templates', group: 'System', keywords: 'call template category impact urgency fields resources questions', Content: TemplatesPage },
  { id: 'settings', title: 'Alerts, fetching, sending', group: 'System', keywords: 'settings alerts notification categories sending outbox give up keep verified rules silence bell test recipients technicians reason history listening push public address format per person', Content: SettingsPage },
  { id: 'senders', title: 'Verified senders', group: 'System', keywords: 'sender addresses group emails from address verification reply-to code verify unverified held', Content: SendersPage },
  { id: 'access', title: 'Access', group: 'System', keywords: 'pin lock unlock tokens roles support administrator permissions', Content: AccessPage },
  { id: 'storage', title: 'Storage', group: 'System', keywords: 'retention disk space clean up delete days attachments originals texts logs', Content: StoragePage },
  { id: 'requests', title: 'Requests', group: 'Mail', keywords: 'tickets messages', Content: RequestsPage },
  { id: 'outbox', title: 'Outbox', group: 'Mail', keywords: 'answers notices alerts waiting sent queue', Content: OutboxPage },
  { id: 'hand-over', title: 'Hand-over', group: 'Mail', keywords: 'help desk target webhook json servicedesk queue retry', Content: HandOverPage },
  { id: 'error-folder', title: 'Error folder', group: 'Mail', keywords: 'failed bundle quarantine replay edit copy charset support zip move to inbox', Content: ErrorFolderPage },
  { id: 'spam-filter', title: 'Spam filter', group: 'Rules', keywords: 'rules drop criteria block junk mail filter', Content: SpamFilterPage },
  { id: 'email-command', title: 'E-mail command', group: 'Rules', keywords: 'operation AddRequest EditRequest CloseRequest PickupRequest delimiter identifier parse', Content: EmailCommandPage },
  { id: 'conversations', title: 'Conversations', group: 'Rules', keywords: 'base delimiter request number module code reply references RE', Content: ConversationsPage },
  { id: 'attachments', title: 'Attachments and limits', group: 'Rules', keywords: 'files size extensions blocked notices limit sender', Content: AttachmentsPage },
  { id: 'mail-templates', title: 'Answers and notifications', group: 'Rules', keywords: 'mail templates acknowledgement acknowledge placeholders html editor notify requester technician closed reply automatic loop', Content: MailTemplatesPage },
  { id: 'try-message', title: 'Try a message', group: 'Rules', keywords: 'eml dry run process explain compare', Content: TryMessagePage },
  { id: 'people', title: 'People', group: 'Records', keywords: 'users analysts technicians requesters addresses csv import sign-in rights', Content: PeoplePage },
  { id: 'ledger', title: 'Ledger', group: 'Records', keywords: 'missing mail reconcile lost nothing lost dropped outcome uid not taken', Content: LedgerPage },
  { id: 'history', title: 'History', group: 'Records', keywords: 'view audit changes who when verify version restore undo put back', Content: HistoryPage },
  { id: 'configuration', title: 'Configuration and backup', group: 'Records', keywords: 'file export import compare yaml secrets earlier undo go back rollback restore data folder', Content: ConfigurationPage }
]

/** Addresses that pages had before. */
const moved: Readonly<Record<string, string>> = { status: 'dashboard' }
const main = 'email-settings'

export const pageOf = (id: string | undefined): Page => find(moved[id ?? ''] ?? id) ?? find(main) ?? (pages[0] as Page)
const find = (id: string | undefined): Page | undefined => pages.find((page) => page.id === id)
