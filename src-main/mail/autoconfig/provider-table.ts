import type { Security } from '#contract/protocols.ts'

/** A server of a provider: `host:port` and TLS; `user` is what stands before the password, in placeholders of the Thunderbird format. */
type TableServer = { host: string; port: number; security: Security; user: string }
/** `kind` says which ways in there are besides those by host. Domains are those of addresses; `mx` are ends of the names of mail exchangers. */
export type Provider = {
  id: string
  label: string
  kind: 'microsoft' | 'google' | 'password'
  domains: readonly string[]
  mx: readonly string[]
  imap: TableServer
  pop3?: TableServer
  smtp: readonly TableServer[]
  notes: readonly string[]
  /** Where OAuth comes first but passwords work too: what to know about them. */
  byPassword?: string
  /** The page that the settings were taken from, and the day of reading. */
  source: string
  asOf: string
}

const asOf = '2026-11-21'
const whole = '%EMAILADDRESS%'
const tls = (host: string, port: number, user = whole): TableServer => ({ host, port, security: 'tls', user })
const startTls = (host: string, port: number, user = whole): TableServer => ({ host, port, security: 'starttls', user })
/** ISPDB file of the Thunderbird project, where providers keep their settings up to date. */
const ispdb = (name: string): string => `https://github.com/thunderbird/autoconfig/blob/master/ispdb/${name}`
const appPassword = (where: string): string => `Needs an app password: ${where}. The usual password of the account is refused.`
const switchOn = (label: string): string => `Access by IMAP has to be switched on once in the settings of ${label}.`

const outlook = { imap: tls('outlook.office365.com', 993), pop3: tls('outlook.office365.com', 995), smtp: [startTls('smtp.office365.com', 587)], kind: 'microsoft' as const, source: ispdb('office365.com'), asOf }
/** Countries in which Microsoft gives out addresses of its brands; of more it is known by the mail exchanger. */
const everywhere = (brand: string): string[] => ['com', 'at', 'be', 'cl', 'cz', 'de', 'dk', 'es', 'fr', 'hu', 'ie', 'in', 'it', 'jp', 'nl', 'no', 'pt', 'se', 'ca', 'fi', 'co.uk', 'co.jp', 'co.za', 'com.ar', 'com.au', 'com.br'].map((end) => `${brand}.${end}`)
const yahooPassword = appPassword('account security, “Generate app password”')

const zohoPro = 'Mailboxes of an organisation may need imappro. and smtppro. in place of imap. and smtp.'

/** Providers that work without asking anybody. */
export const providerTable: readonly Provider[] = [
  { ...outlook, id: 'microsoft-365', label: 'Microsoft 365', domains: ['onmicrosoft.com', 'office365.com'], mx: ['mail.protection.outlook.com', 'mx.microsoft', 'mail.protection.partner.outlook.cn', 'mail.protection.office365.us'], notes: ['Register an application in the Entra admin center and enter its client id.'] },
  {
    ...outlook, id: 'outlook', label: 'Outlook.com', domains: [...everywhere('outlook'), ...everywhere('hotmail'), ...everywhere('live'), 'msn.com', 'windowslive.com'], mx: ['olc.protection.outlook.com'],
    smtp: [startTls('smtp.office365.com', 587), startTls('smtp-mail.outlook.com', 587)], notes: ['Passwords are no longer taken since September 2024; sign in with Microsoft.'], source: ispdb('hotmail.com.xml')
  },
  {
    id: 'google', label: 'Google', kind: 'google', domains: ['gmail.com', 'googlemail.com'], mx: ['google.com', 'googlemail.com'],
    imap: tls('imap.gmail.com', 993), pop3: tls('pop.gmail.com', 995), smtp: [tls('smtp.gmail.com', 465), startTls('smtp.gmail.com', 587)],
    notes: ['Register an application in the Google Cloud console and enter its client id; in Google Workspace a service account works too.'],
    // https://support.google.com/accounts/answer/185833
    byPassword: appPassword('myaccount.google.com/apppasswords, with 2-Step Verification'), source: ispdb('googlemail.com.xml'), asOf
  },
  {
    id: 'yahoo', label: 'Yahoo', kind: 'password', mx: ['am0.yahoodns.net'],
    domains: ['yahoo.com', 'yahoo.de', 'yahoo.it', 'yahoo.fr', 'yahoo.es', 'yahoo.se', 'yahoo.co.in', 'yahoo.co.uk', 'yahoo.co.nz', 'yahoo.com.au', 'yahoo.com.ar', 'yahoo.com.br', 'yahoo.com.mx', 'ymail.com', 'myyahoo.com', 'rocketmail.com'],
    imap: tls('imap.mail.yahoo.com', 993), pop3: tls('pop.mail.yahoo.com', 995), smtp: [tls('smtp.mail.yahoo.com', 465), startTls('smtp.mail.yahoo.com', 587)], notes: [yahooPassword], source: ispdb('yahoo.com.xml'), asOf
  },
  {
    id: 'aol', label: 'AOL', kind: 'password', domains: ['aol.com', 'aol.de', 'aol.fr', 'aol.co.uk', 'aim.com', 'netscape.net', 'compuserve.com'], mx: ['mail.gm0.yahoodns.net'],
    imap: tls('imap.aol.com', 993), pop3: tls('pop.aol.com', 995), smtp: [tls('smtp.aol.com', 465)], notes: [yahooPassword], source: ispdb('aol.com.xml'), asOf
  },
  {
    id: 'icloud', label: 'iCloud Mail', kind: 'password', domains: ['icloud.com', 'me.com', 'mac.com'], mx: ['mail.icloud.com'],
    imap: tls('imap.mail.me.com', 993, '%EMAILLOCALPART%'), smtp: [startTls('smtp.mail.me.com', 587)], notes: [appPassword('account.apple.com, “App-Specific Passwords”')], source: ispdb('me.com.xml'), asOf
  },
  {
    id: 'fastmail', label: 'Fastmail', kind: 'password', domains: ['fastmail.com', 'fastmail.fm', 'fastmail.de', 'messagingengine.com', 'sent.com'], mx: ['messagingengine.com'],
    imap: tls('imap.fastmail.com', 993), pop3: tls('pop.fastmail.com', 995), smtp: [tls('smtp.fastmail.com', 465)], notes: [appPassword('Settings, Privacy & Security')], source: 'https://www.fastmail.com/help/technical/servernamesandports.html', asOf
  },
  {
    id: 'gmx', label: 'GMX', kind: 'password', domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'gmx.eu', 'gmx.biz', 'gmx.org', 'gmx.info'], mx: ['emig.gmx.net', 'gmx.net'],
    imap: tls('imap.gmx.net', 993), pop3: tls('pop.gmx.net', 995), smtp: [tls('mail.gmx.net', 465), startTls('mail.gmx.net', 587)], notes: [switchOn('GMX')], source: ispdb('gmx.net.xml'), asOf
  },
  {
    id: 'gmx-com', label: 'GMX.com', kind: 'password', domains: ['gmx.com', 'gmx.us', 'gmx.co.uk', 'gmx.es', 'gmx.fr', 'gmx.it', 'gmx.pt', 'gmx.se', 'gmx.li', 'gmx.ca'], mx: [],
    imap: tls('imap.gmx.com', 993), pop3: tls('pop.gmx.com', 995), smtp: [tls('mail.gmx.com', 465), startTls('mail.gmx.com', 587)], notes: [switchOn('GMX')], source: ispdb('gmx.com.xml'), asOf
  },
  {
    id: 'web-de', label: 'WEB.DE', kind: 'password', domains: ['web.de'], mx: ['web.de'],
    imap: tls('imap.web.de', 993, '%EMAILLOCALPART%'), pop3: tls('pop3.web.de', 995, '%EMAILLOCALPART%'), smtp: [tls('smtp.web.de', 465, '%EMAILLOCALPART%'), startTls('smtp.web.de', 587, '%EMAILLOCALPART%')],
    notes: [switchOn('WEB.DE'), 'By POP3 WEB.DE may be asked every 15 minutes only.'], source: ispdb('web.de.xml'), asOf
  },
  {
    id: 'ionos', label: 'IONOS', kind: 'password', domains: ['online.de', 'onlinehome.de', 'sofort-start.de', 'sofort-surf.de', 'go4more.de'], mx: ['kundenserver.de', 'ionos.de', 'schlund.de', '1and1.de'],
    imap: tls('imap.ionos.de', 993), pop3: tls('pop.ionos.de', 995), smtp: [tls('smtp.ionos.de', 465), startTls('smtp.ionos.de', 587)], notes: [], source: ispdb('ionos.de'), asOf
  },
  {
    id: 'ionos-com', label: 'IONOS', kind: 'password', domains: [], mx: ['ionos.com', '1and1.com', 'perfora.net'],
    imap: tls('imap.ionos.com', 993), pop3: tls('pop.ionos.com', 995), smtp: [tls('smtp.ionos.com', 465), startTls('smtp.ionos.com', 587)], notes: [], source: ispdb('ionos.com'), asOf
  },
  {
    id: 'strato', label: 'STRATO', kind: 'password', domains: ['strato.de'], mx: ['rzone.de', 'strato.de'],
    imap: tls('imap.strato.de', 993), pop3: tls('pop3.strato.de', 995), smtp: [tls('smtp.strato.de', 465), startTls('smtp.strato.de', 587)], notes: [], source: ispdb('strato.de.xml'), asOf
  },
  {
    id: 'telekom', label: 'Telekom', kind: 'password', domains: ['t-online.de', 'magenta.de'], mx: ['t-online.de'],
    imap: tls('secureimap.t-online.de', 993), pop3: tls('securepop.t-online.de', 995), smtp: [tls('securesmtp.t-online.de', 465), startTls('securesmtp.t-online.de', 587)],
    notes: ['Needs the e-mail password from the Telekom customer centre; the password of the login is refused.'], source: ispdb('t-online.de.xml'), asOf
  },
  {
    id: 'freenet', label: 'freenet', kind: 'password', domains: ['freenet.de'], mx: ['freenet.de'],
    imap: tls('mx.freenet.de', 993), smtp: [tls('mx.freenet.de', 465), startTls('mx.freenet.de', 587)], notes: [switchOn('freenet')], source: ispdb('freenet.de.xml'), asOf
  },
  {
    id: 'posteo', label: 'Posteo', kind: 'password', domains: ['posteo.de', 'posteo.net', 'posteo.org', 'posteo.eu', 'posteo.at', 'posteo.ch', 'posteo.com', 'posteo.me', 'posteo.uk', 'posteo.us'], mx: ['posteo.de'],
    imap: tls('posteo.de', 993), pop3: tls('posteo.de', 995), smtp: [tls('posteo.de', 465), startTls('posteo.de', 587)], notes: [], source: ispdb('posteo.de.xml'), asOf
  },
  {
    id: 'mailbox-org', label: 'mailbox.org', kind: 'password', domains: ['mailbox.org'], mx: ['mailbox.org'],
    imap: tls('imap.mailbox.org', 993), smtp: [tls('smtp.mailbox.org', 465), startTls('smtp.mailbox.org', 587)], notes: ['With two-factor authentication switched on it needs an application password.'], source: ispdb('mailbox.org.xml'), asOf
  },
  {
    id: 'zoho', label: 'Zoho Mail', kind: 'password', domains: ['zoho.com', 'zohomail.com'], mx: ['zoho.com'],
    imap: tls('imap.zoho.com', 993), pop3: tls('pop.zoho.com', 995), smtp: [tls('smtp.zoho.com', 465), startTls('smtp.zoho.com', 587)], notes: [switchOn('Zoho Mail'), zohoPro], source: ispdb('zoho.com.xml'), asOf
  },
  {
    id: 'zoho-eu', label: 'Zoho Mail (EU)', kind: 'password', domains: ['zoho.eu', 'zohomail.eu'], mx: ['zoho.eu'],
    imap: tls('imap.zoho.eu', 993), pop3: tls('pop.zoho.eu', 995), smtp: [tls('smtp.zoho.eu', 465), startTls('smtp.zoho.eu', 587)], notes: [switchOn('Zoho Mail'), zohoPro], source: ispdb('zoho.eu.xml'), asOf
  },
  {
    id: 'ovh', label: 'OVHcloud', kind: 'password', domains: [], mx: ['mail.ovh.net', 'ovh.net'],
    imap: tls('ssl0.ovh.net', 993), pop3: tls('ssl0.ovh.net', 995), smtp: [tls('ssl0.ovh.net', 465), startTls('ssl0.ovh.net', 587)], notes: ['For OVH Exchange or E-mail Pro take the server that the customer panel names.'], source: 'https://www.quai-des-entrepreneurs.com/ovh-mail', asOf
  },
  {
    id: 'mail-ru', label: 'Mail.ru', kind: 'password', domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru'], mx: ['mail.ru'],
    imap: tls('imap.mail.ru', 993), pop3: tls('pop.mail.ru', 995), smtp: [tls('smtp.mail.ru', 465)], notes: [appPassword('account settings, “Passwords for external applications”')], source: ispdb('mail.ru'), asOf
  }
]
