/** A field as the window calls it, where it stands, and what other consoles call it. `side`: it is one of the servers of that side. */
export type FieldWords = { label: string; page: string; place: string; words: string; side?: 'incoming' | 'outgoing' | 'both' }

type Row = readonly [label: string, words: string]

/** Fields of one section, in the order in which they stand there. */
const section = (page: string, place: string, rows: readonly Row[]): FieldWords[] => rows.map(([label, words]) => ({ label, page, place, words }))
const ofServers = (side: NonNullable<FieldWords['side']>, title: string, rows: readonly Row[]): FieldWords[] => rows.map(([label, words]) => ({ label, page: 'email-settings', place: `${{ incoming: 'Incoming server', outgoing: 'Outgoing server', both: 'Each server' }[side]} › ${title}`, words, side }))

/** The fields that are looked for by name: those that mail settings of other service desks have. FIELDS.md leads to the same. */
export const fieldWords: readonly FieldWords[] = [
  ...section('email-settings', 'E-mail settings', [['Default format', 'html plain text outgoing'], ['Message format per person', 'analyst user email format']]),
  ...ofServers('outgoing', 'Type and sender', [['Sender name', 'sender’s name'], ['Reply-to address', 'reply to from address']]),
  ...ofServers('incoming', 'Type and mailbox', [['Addresses of the mailbox', 'email address']]),
  ...ofServers('both', 'Connection', [
    ['Server', 'server name ip address host and'], ['Security', 'protocol email type use ssl tls enabled smtps imaps pops pop3s starttls'], ['Port', 'number'], ['URL', 'connect host graph endpoint ews'], ['Cloud', 'graph endpoint national clouds']
  ]),
  ...ofServers('both', 'Sign-in', [
    ['Sign in by', 'authentication type requires authorization server details oauth basic authlogin plain ntlm google service account no sign-in'], ['User name', 'username account'], ['Password', 'login credentials'],
    ['Mailbox, if it is another one', 'shared'], ['Tenant', 'client tenant id directory'], ['Sign-in host', 'client login url authority'], ['Client id', 'application oauth'], ['Client secret', 'key certificate oauth'],
    ['Authorisation URL', 'authorization server oauth'], ['Token URL', 'authorization server oauth'], ['Scopes', 'scope client resource url oauth permissions'], ['Redirect URL', 'oauth callback'],
    ['Service account', 'address google'], ['Key of the service account', 'private key google json']
  ]),
  ...ofServers('outgoing', 'Alternate server', [['Use an alternate when this server cannot be reached', 'alternate server name ip address secondary mail failover'], ['Back to the primary', 'reconnect return restart or reconfigure to']]),
  ...ofServers('outgoing', 'Delivery', [
    ['Block outgoing mail (receive only)', 'email'], ['Send all mail to one address instead', 'email address override'], ['Embedded images', 'embedded image type cid base64'],
    ['Put the request number on outgoing mail', 'attach conversation id to outgoing email'], ['Place', 'conversation id location subject body'], ['Prefix', 'conversation id']
  ]),
  ...ofServers('outgoing', 'Sending', [['Connections at most', 'four requests at once concurrent delay throttling limit'], ['Largest mail', 'maximum size']]),
  ...ofServers('outgoing', 'Signature (DKIM)', [['Sign mail with DKIM', 'signature']]),
  ...ofServers('outgoing', 'Advanced', [['Send timeout', 'send mail timeout seconds'], ['Sign in to an incoming server first (POP before SMTP)', 'type']]),
  ...ofServers('incoming', 'Fetching', [
    ['Folder', 'inbox mailbox'], ['Fetch mail every', 'fetch mails interval poll schedule'], ['Push', 'idle at once'], ['Keep the original message with the request', 'keep full incoming message as an attachment eml'], ['Largest message', 'maximum size']
  ]),
  ...ofServers('incoming', 'Requests', [
    ['Partition', 'department account'], ['Request template', 'call template'], ['Default logging analyst', 'call'], ['Use linked analyst', 'logging'], ['Mail may open new requests', 'disable new request creation by email'], ['Except from', 'allowed email ids and domains']
  ]),
  ...ofServers('incoming', 'Error folder', [
    ['Move mail that cannot be processed to a folder', 'move messages to error folder'], ['Name of the folder', 'error folder name'], ['Stop fetching when too many messages are in it', 'stop mail fetching after mails error folder'], ['Notify by mail when a message is moved there', 'notify by email when a mail is moved from inbox to error folder']
  ]),
  ...ofServers('incoming', 'Senders', [['Sender check', 'dmarc spf dkim authentication'], ['Mailboxes that forward here', 'forwarding']]),
  ...ofServers('both', 'Advanced', [['Lowest TLS version', 'use ssl tls email component type'], ['Proxy', 'enable proxy server'], ['Record the protocol', 'enable email debug transcript']]),
  ...section('email-settings', 'Outgoing servers', [
    ['Add', 'outgoing type of server mail connection protocol smtp exchange web services ews ms microsoft graph api gmail google'], ['With the settings of another', 'settings copied from the default copy'],
    ['State', 'alternate secondary server in use its message'], ['Last test', 'result'], ['What the provider has announced', 'different client id for the same mailbox retirement']
  ]),
  ...section('email-settings', 'Outgoing servers › Test', [['Sample mail', 'test outgoing email to address cc bcc subject message'], ['Send a sample mail', 'test outgoing email to address cc bcc subject message'], ['Test connection', 'check mail server connectivity'], ['Clear result', 'clear test result last test result']]),
  ...section('email-settings', 'Incoming servers › Test', [['Newest message', 'fetch a sample mail test incoming status']]),
  ...section('email-settings', 'Incoming servers', [['Add', 'incoming type of server inbox connection protocol imap pop3 exchange web services ews ms microsoft graph api gmail google'], ['Start', 'start fetching'], ['Stop', 'stop fetching'], ['Stop and edit', 'edit while fetching'], ['Errors', 'total number of mails in error folder']]),
  ...section('native-mail', 'Native mail', [['Send a test mail', 'test email to the support address'], ['Deactivate', 'deactivate account native mail'], ['Finish configuration', 'native mail migration'], ['Forwarding instructions', 'mail forwarding rules service to be connected google workspace gmail microsoft 365 zoho']]),
  ...section('native-mail', 'Native mail › Activate', [['Name of this mail server', 'host'], ['Left side of the support address', 'email'], ['Further addresses', 'custom domain email address']]),
  ...section('partitions', 'Partitions', [['Outgoing server', 'select the account mail server of a partition'], ['Matrix of priorities', 'call impact urgency priority']]),
  ...section('templates', 'Request templates', [['Assigned office', 'call'], ['Group', 'call assigned office'], ['Resources', 'questions']]),
  ...section('people', 'People', [['Analyst (technician)', 'flags'], ['User', 'flags requester'], ['Format of mail to this person', 'email format html plain text'], ['Carry out e-mail commands of this person', 'authorized users login permission']]),
  ...section('access', 'Access › Add a token', [['Role', 'security role required system set up sdadmin administrator support'], ['Second factor', 'two-factor authentication 2fa code']]),
  ...section('settings', 'Alerts', [['Tell when a mailbox cannot be reached', 'connectivity notification enabled'], ['After failures in a row', 'consecutive retry threshold connectivity'], ['Send mail when an application error occurs', 'send email notify'], ['Recipients', 'technicians for error notifications']]),
  ...section('settings', 'Alerts, fetching, sending', [
    ['Notifications by category', 'two-factor authentication backup scheduling security performance settings high availability'], ['Notification rules', 'notify'], ['Send only under verified addresses', 'from address verification dmarc'], ['Ask for a reason at every change', 'change reasons']
  ]),
  ...section('error-folder', 'Error folder', [['Move to inbox', 'move mails to inbox error'], ['Download bundle', 'resolving error emails support']]),
  ...section('spam-filter', 'Spam filter › Add', [['Drop a message if', 'match all or any conditions'], ['Look at', 'criteria define rule'], ['Condition', 'criteria'], ['Values', 'choose'], ['Add a criterion', 'criteria add to rules']]),
  ...section('email-command', 'E-mail command', [['Carry out e-mail commands', 'enable email command'], ['Subject contains', 'email subject contains'], ['Delimiter', 'command delimiter'], ['What a command can say', 'operations fields resources operational strings']]),
  ...section('conversations', 'Conversations', [['Base delimiter', 'request id'], ['Module codes', 'module delimiters']]),
  ...section('attachments', 'Attachments and limits', [['Largest attachment', 'maximum size'], ['Extensions that are taken off', 'stripped attachments restricted file types'], ['Tell by mail what was taken off', 'notifications for stripped attachments sender'], ['The five checks, in their order', 'file name extensions content type empty file size attachment']])
]
