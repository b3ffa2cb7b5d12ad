import type { Advice } from '#contract/advice.ts'

/** Whose server it is, as far as its host tells; null for anybody else's, an Exchange Server on the premises included. */
export type MailProvider = 'exchange-online' | 'outlook-personal' | 'google'

/** What a provider has announced. It is told from the moment it was announced; `stages` say how it reads from which day on, first to last. */
export type ProviderFact = { code: string; provider: MailProvider; source: string; asOf: string; stages: readonly Stage[] }
/** `from` is the first day on which it reads so, empty for always; `date` is what is still ahead then. Days as YYYY-MM-DD. */
export type Stage = { from: string; date: string | null; severity: Advice['severity']; title: string; text: string }

const asOf = '2026-11-21'
const graphInstead = 'Move this server to Microsoft Graph: Mailroom prepares the new one, and this one stays until you switch over.'

/**
 * The one place for dates of providers. Look a date up again before it is changed here, and name the page that says so. What Microsoft's own
 * pages said could not be read for every row; the source is then a page that quotes the announcement.
 */
export const providerFacts = {
  ewsRetired: {
    code: 'ews-in-exchange-online', provider: 'exchange-online', asOf, source: 'https://particlenews.net/story/microsoft-sets-phaseout-of-exchange-online-ews-blocking-in-october-2026-and-ending-april-2027',
    stages: [
      { from: '', date: '2026-10-01', severity: 'warning', title: 'Exchange Online begins to block EWS', text: `From 1 October 2026 EWS works only for applications that the tenant allows (EWSAllowedAppIDs), and on 1 April 2027 it ends. ${graphInstead}` },
      { from: '2026-10-01', date: '2027-04-01', severity: 'warning', title: 'EWS in Exchange Online ends', text: `Since 1 October 2026 EWS is blocked tenant by tenant unless an administrator allows the application (EWSEnabled and EWSAllowedAppIDs); on 1 April 2027 it is switched off for good. ${graphInstead}` },
      { from: '2027-04-01', date: null, severity: 'broken', title: 'EWS in Exchange Online is gone', text: `Exchange Online has answered no EWS since 1 April 2027, without exception. ${graphInstead}` }
    ]
  },
  hybridNeedsGraph: {
    code: 'hybrid-mailboxes-need-graph', provider: 'exchange-online', asOf, source: 'https://particlenews.net/story/microsoft-sets-phaseout-of-exchange-online-ews-blocking-in-october-2026-and-ending-april-2027',
    stages: [{ from: '', date: null, severity: 'note', title: 'Only mailboxes on this Exchange Server keep EWS', text: 'EWS stays on Exchange Server. In a hybrid organisation a mailbox that has been moved to Exchange Online is reached by Microsoft Graph instead.' }]
  },
  submissionByPassword: {
    code: 'smtp-auth-by-password', provider: 'exchange-online', asOf, source: 'https://microsoftmessageid.com/?p=343',
    stages: [
      { from: '', date: '2026-12-31', severity: 'warning', title: 'Exchange Online stops taking passwords over SMTP', text: `At the end of December 2026 sending by password is switched off by default (550 5.7.30); an administrator can switch it on again for a while. Sign in by OAuth instead, or move to Microsoft Graph.` },
      { from: '2026-12-31', date: null, severity: 'warning', title: 'Exchange Online takes no passwords over SMTP by default', text: `Sending by password has been off by default since the end of December 2026 (550 5.7.30); it works only where an administrator switched it on again. Sign in by OAuth instead, or move to Microsoft Graph.` }
    ]
  },
  fetchingByPassword: {
    code: 'exchange-online-by-password', provider: 'exchange-online', asOf, source: 'https://techcommunity.microsoft.com/t5/exchange-team-blog/exchange-online-to-retire-basic-auth-for-client-submission-smtp/ba-p/4114750',
    stages: [{ from: '', date: null, severity: 'broken', title: 'Exchange Online takes no passwords', text: `Passwords over IMAP, POP and EWS have been switched off for good since the end of 2022, app passwords too. Sign in by OAuth, or move to Microsoft Graph.` }]
  },
  oldTls: {
    code: 'tls-below-1.2', provider: 'exchange-online', asOf, source: 'https://petri.com/exchange-online-block-legacy-tls-pop-imap/',
    stages: [
      { from: '', date: '2026-07-01', severity: 'note', title: 'Exchange Online ends TLS 1.0 and 1.1', text: 'From July 2026 connections below TLS 1.2 are blocked. Set the lowest TLS version of this server to 1.2; nothing is lost by it.' },
      { from: '2026-07-01', date: null, severity: 'note', title: 'Exchange Online blocks TLS 1.0 and 1.1', text: 'Connections below TLS 1.2 have been blocked since July 2026. Set the lowest TLS version of this server to 1.2; a lower one only helps an attacker.' }
    ]
  },
  personalByPassword: {
    code: 'outlook-com-by-password', provider: 'outlook-personal', asOf, source: 'https://techissuestoday.com/how-to-update-outlook-email-settings-to-avoid-losing-access-after-september-16/',
    stages: [{ from: '', date: null, severity: 'broken', title: 'Outlook.com takes no passwords', text: 'Personal accounts (outlook.com, hotmail.com, live.com, msn.com) have been reached by OAuth only since 16 September 2024; app passwords are refused too. Sign in by OAuth.' }]
  },
  googleByPassword: {
    code: 'google-by-password', provider: 'google', asOf, source: 'https://guanacostech.com/blog/blog-lsa.html',
    stages: [{ from: '', date: null, severity: 'warning', title: 'Google takes no account passwords', text: 'Google refuses the password of the account (personal accounts since 30 May 2022, Workspace since June 2024 for new connections and then for all). Sign in by OAuth, or use an app password where 2-step verification is on.' }]
  },
  sharedClient: {
    code: 'client-id-shared', provider: 'exchange-online', asOf, source: 'https://learn.microsoft.com/en-us/answers/questions/2258712/',
    stages: [{ from: '', date: null, severity: 'warning', title: 'Fetching and sending share one limit', text: 'Microsoft Graph answers at most 4 requests at once for an application and a mailbox. Mailroom keeps that limit for both together; where much mail is fetched, register an application of its own for sending.' }]
  }
} as const satisfies Record<string, ProviderFact>
