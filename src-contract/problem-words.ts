import type { CertificateSeen, InputIssue, Peer, Problem, ProblemCode, ProblemOf } from './problem.ts'
import { utcMinute } from './utc-minute.ts'

/** What the window may offer next to the words; null where there is nothing to press. */
export type ProblemAction = 'open-server' | 'sign-in' | 'pin-certificate' | 'retry' | 'open-folder' | 'unlock' | null

/** `title` is a sentence with the cause, `advice` the next step; neither holds a secret. */
export type ProblemWords = { title: string; advice: string; action: ProblemAction }

/** The words of one problem, the same in the window, in the browser and on the command line. */
export function wordsOf(problem: Problem): ProblemWords {
  const words = problemWords[problem.code] as (problem: Problem) => ProblemWords
  return words(problem)
}

/** The other side's own words, redacted by whoever made the problem; null where it said nothing. */
export function serverSaid(problem: Problem): string | null {
  return 'serverSaid' in problem && problem.serverSaid.trim() !== '' ? problem.serverSaid : null
}

/**
 * Exchange says why it takes no password.
 * https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online
 * https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission
 */
function refusedCredentials({ server, user, serverSaid: said }: ProblemOf<'credentials-refused'>): ProblemWords {
  if (/SmtpClientAuthentication is disabled/i.test(said))
    return { title: `${quoted(server)} lets ${user === '' ? 'this user' : user} send no mail by SMTP: authenticated SMTP is switched off.`, advice: `An administrator can allow it for the mailbox (Set-CASMailbox -Identity '${user === '' ? 'ADDRESS' : user.replaceAll("'", "''")}' -SmtpClientAuthenticationDisabled $false); or send through Microsoft Graph.`, action: 'open-server' }
  if (/5\.7\.30\b|basic authentication is (?:disabled|not supported)/i.test(said))
    return { title: `${quoted(server)} takes no passwords: the provider has switched basic authentication off.`, advice: 'Set the way to sign in to OAuth 2.0, or use Microsoft Graph.', action: 'open-server' }
  if (/\(status [^)]+\)$/.test(said))
    return { title: `${quoted(server)} refused the token${user === '' ? '' : ` for ${user}`}.`, advice: 'Sign in again with the account of this mailbox, and check that the application has the permission for this protocol.', action: 'sign-in' }
  return { title: `${quoted(server)} refused the sign-in${user === '' ? '' : ` of ${user}`}.`, advice: 'Check the user name, enter the password again or sign in again, and check whether the provider asks for an app password.', action: 'sign-in' }
}

function methodAdvice(offered: readonly string[]): string {
  const tokens = offered.some((name) => /^(?:XOAUTH2|OAUTHBEARER)$/i.test(name))
  const passwords = offered.some((name) => /^(?:PLAIN|LOGIN|CRAM-MD5)$/i.test(name))
  if (tokens && !passwords) return `It offers: ${listed(offered)}. Set the way to sign in to OAuth 2.0.`
  if (passwords && !tokens) return `It offers: ${listed(offered)}. Set the way to sign in to a password.`
  return `It offers: ${listed(offered)}. Many servers offer passwords only over TLS: set security to TLS or STARTTLS.`
}

const peer = ({ host, port }: Peer): string => `${host.includes(':') ? `[${host}]` : host}, port ${port}`
/** A name that somebody gave, in a sentence: it may be a word of its own, such as “it”. */
export const quoted = (name: string): string => `“${name}”`
const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : counted(Math.round(ms / 100) / 10, 'second'))
const bytes = (count: number): string => (count < 10_000 ? `${count} bytes` : count < 1_000_000 ? `${Math.round(count / 1000)} KB` : `${Math.round(count / 100_000) / 10} MB`)
const day = (iso: string): string => iso.slice(0, 10)
/** A reason at the end of a title, which ends with a full stop whoever gave it. */
const asSentence = (reason: string): string => (/[.?]$/.test(reason.trim()) ? reason.trim() : `${reason.trim()}.`)
const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', '))
const shown = (certificate: CertificateSeen): string => `It names ${certificate.subject}, was issued by ${certificate.issuer} and has the fingerprint ${certificate.fingerprint256}.`
/** `1 mail`, `2 mails`; `many` where an s is not enough. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
const placeOf = (issue: InputIssue): string => [issue.line === undefined ? '' : `line ${issue.line}`, issue.path].filter((part) => part !== '').join(', ')
const firstOf = (issues: readonly InputIssue[]): string => {
  const first = issues[0]
  if (first === undefined) return ''
  const place = placeOf(first)
  return place === '' ? first.message : `${place}: ${first.message}`
}

/** Complete over every code: a problem without words does not compile. */
export const problemWords: { [Code in ProblemCode]: (problem: ProblemOf<Code>) => ProblemWords } = {
  'host-not-found': ({ host }) => ({ title: `The name ${host} was not found in DNS.`, advice: 'Check the spelling of the server name and whether this computer can resolve names.', action: 'open-server' }),
  'connection-refused': (at) => ({ title: `${peer(at)} refused the connection.`, advice: 'Check the port and whether the mail service is running; a firewall may also refuse connections.', action: 'open-server' }),
  'host-unreachable': (at) => ({ title: `There is no network route to ${peer(at)}.`, advice: 'Check the network connection of this computer, the VPN and the firewall, then try again.', action: 'retry' }),
  'connection-timed-out': (at) => ({ title: `${peer(at)} did not answer within ${seconds(at.afterMs)}.`, advice: 'Check the server name and the port; a firewall that drops packets looks like this. A proxy can be set in the server details.', action: 'open-server' }),
  'server-silent': (at) => ({ title: `${peer(at)} accepted the connection and then said nothing for ${seconds(at.afterMs)}.`, advice: 'Check that the port belongs to the mail service and that the security setting (none, STARTTLS, TLS) fits the port.', action: 'open-server' }),
  'connection-dropped': (at) => ({ title: `${peer(at)} closed the connection during ${at.during}.`, advice: 'Nothing was lost: the next round takes up where this one ended. If it happens again, look into the log of the mail server.', action: 'retry' }),
  'not-a-mail-server': (at) => ({ title: `${peer(at)} does not speak ${at.expected}.`, advice: 'Check the protocol and the port: another service seems to be listening there.', action: 'open-server' }),
  'server-busy': (at) => ({ title: `${peer(at)} is busy and asked to try later.`, advice: 'The next round tries again by itself. If it lasts, raise the connection limit on the mail server or fetch less often.', action: 'retry' }),
  'server-refused': (at) => ({ title: `${peer(at)} refused to serve this computer.`, advice: 'Read the answer of the server: often this computer’s address is blocked or not allowed. Ask the administrator of the mail server.', action: 'open-server' }),
  'proxy-failed': (at) => ({ title: `The proxy ${at.proxy} did not open a connection to ${peer(at)}.`, advice: 'Check the address of the proxy, its credentials and whether it allows this host and port.', action: 'open-server' }),
  'proxy-asks-for-credentials': (at) => ({ title: `The proxy ${at.proxy} asks for a user name and password.`, advice: 'Put the user name into the proxy’s URL and enter the password of the proxy in the server details. Nothing was sent to the mail server.', action: 'open-server' }),
  'proxy-secret-missing': ({ server }) => ({ title: `The password of the proxy for ${quoted(server)} is not stored.`, advice: `Enter it in the server details, or store it with: mailroom secret set ${JSON.stringify(server)} --for proxy.`, action: 'open-server' }),
  'not-a-proxy': (at) => ({ title: `${at.proxy} is not the proxy it was taken for.`, advice: 'Check host, port and kind of the proxy: http:// for CONNECT, socks5:// for SOCKS.', action: 'open-server' }),
  'round-too-slow': (at) => ({ title: `The round on ${peer(at)} was ended after ${seconds(at.deadlineMs)}, during ${at.during}.`, advice: 'Messages already processed are kept and the next round continues. If it happens again, test the server and look for a slow network.', action: 'retry' }),

  'server-speaks-plain-text': (at) => ({ title: `${peer(at)} answered in plain text where TLS was expected.`, advice: 'Set security to STARTTLS or none for this port, or use the TLS port of the server.', action: 'open-server' }),
  'server-expects-tls': (at) => ({ title: `${peer(at)} expects TLS from the first byte.`, advice: 'Set security to TLS for this port, or use the port for STARTTLS.', action: 'open-server' }),
  'starttls-not-offered': (at) => ({ title: `${peer(at)} does not offer STARTTLS.`, advice: 'Use the TLS port of the server with security TLS. No password was sent.', action: 'open-server' }),
  'tls-version-too-low': (at) => ({ title: `${peer(at)} does not offer ${at.wanted}${at.offered === null ? '' : `; it offers ${at.offered}`}.`, advice: 'Update the mail server, or accept a lower TLS version for this server only.', action: 'open-server' }),
  'tls-handshake-failed': (at) => ({ title: `TLS with ${peer(at)} could not be set up.`, advice: 'Check that the port speaks TLS and that the server has a usable certificate; its log names the reason.', action: 'open-server' }),
  'certificate-expired': (at) => ({ title: `The certificate of ${peer(at)} expired on ${day(at.certificate.validTo)}.`, advice: `Renew the certificate on the mail server. ${shown(at.certificate)} It can be pinned for this server until then.`, action: 'pin-certificate' }),
  'certificate-not-yet-valid': (at) => ({ title: `The certificate of ${peer(at)} is not valid before ${day(at.certificate.validFrom)}.`, advice: `Check the clock of this computer and of the mail server. ${shown(at.certificate)}`, action: 'pin-certificate' }),
  'certificate-self-signed': (at) => ({ title: `The certificate of ${peer(at)} is self-signed.`, advice: `${shown(at.certificate)} Compare the fingerprint with the administrator of the mail server and pin it, or name the CA file.`, action: 'pin-certificate' }),
  'certificate-wrong-name': (at) => ({ title: `The certificate of ${peer(at)} is for another name: ${listed(at.certificate.names)}.`, advice: 'Enter the server under a name in its certificate. If the certificate is right although the name differs, pin its fingerprint.', action: 'pin-certificate' }),
  'certificate-untrusted': (at) => ({ title: `The certificate of ${peer(at)} was issued by an authority that is not trusted here.`, advice: `${shown(at.certificate)} Name the CA file of the authority under Advanced in the server details, or pin the fingerprint there.`, action: 'pin-certificate' }),
  'certificate-pin-mismatch': (at) => ({ title: `${peer(at)} shows another certificate than the pinned one.`, advice: `Ask the administrator of the mail server whether the certificate was renewed. ${shown(at.certificate)} Pin it only if it is confirmed.`, action: 'pin-certificate' }),
  'certificate-chain-incomplete': (at) => ({ title: `${peer(at)} does not send the intermediate certificate that its own needs.`, advice: `${shown(at.certificate)} Install the full chain on the server; until then, put the missing certificate of ${at.certificate.issuer} into a CA file and name it in the server details.`, action: 'pin-certificate' }),
  'client-certificate-wanted': (at) => ({ title: `${peer(at)} asks for a client certificate.`, advice: 'Name the certificate and key file that were issued for Mailroom in the server details, under Advanced. If they are named there, the server does not take them: its log tells why.', action: 'open-server' }),
  'client-certificate-unusable': ({ file, reason }) => ({ title: `The client certificate ${file} cannot be used: ${reason.replace(/\.$/, '')}.`, advice: 'Name a PEM file with the certificate and one with its key; a passphrase is entered in the server details.', action: 'open-server' }),
  'ca-file-unusable': ({ file, reason }) => ({ title: `The CA file ${file} cannot be used: ${reason.replace(/\.$/, '')}.`, advice: 'Name a readable PEM file that holds the certificate of the authority.', action: 'open-server' }),

  'credentials-refused': refusedCredentials,
  'credentials-missing': ({ server }) => ({ title: `No password is stored for ${quoted(server)}.`, advice: `Enter the password in the server details, or store it with: mailroom secret set ${server}.`, action: 'sign-in' }),
  'sign-in-method-not-offered': ({ server, offered }) => ({ title: `${quoted(server)} does not offer this way to sign in.`, advice: methodAdvice(offered), action: 'open-server' }),
  'sign-in-needs-encryption': ({ server }) => ({ title: `${quoted(server)} takes no password over an unencrypted connection.`, advice: 'Set security to TLS or STARTTLS.', action: 'open-server' }),

  'sign-in-needed': ({ server }) => ({ title: `Nobody has signed in to ${quoted(server)} yet.`, advice: 'Sign in once with the account of the mailbox; Mailroom keeps the sign-in alive from then on.', action: 'sign-in' }),
  'sign-in-idle-too-long': ({ server }) => ({ title: `The sign-in of ${quoted(server)} expired because it was not used for too long.`, advice: 'Sign in again. While fetching runs, the sign-in is renewed by itself and does not expire.', action: 'sign-in' }),
  'sign-in-revoked': ({ server }) => ({ title: `The sign-in of ${quoted(server)} was revoked.`, advice: 'A new password, an administrator or the user ended it. Sign in again.', action: 'sign-in' }),
  'client-secret-expired': ({ server }) => ({ title: `The client secret of ${quoted(server)} has expired.`, advice: 'Create a new client secret for the application at the provider and enter it in the server details with its day of expiry.', action: 'open-server' }),
  'client-secret-wrong': ({ server }) => ({ title: `The client secret of ${quoted(server)} is not the one of the application.`, advice: 'Enter the value of the secret, not its id. It is shown only once, when it is created; create a new one if it is lost.', action: 'open-server' }),
  'client-unknown': ({ clientId }) => ({ title: `There is no application ${clientId} in this tenant.`, advice: 'Check the client id and the tenant: the application must be registered there, or an administrator must have consented to it.', action: 'open-server' }),
  'tenant-unknown': ({ tenant }) => ({ title: `There is no tenant ${tenant}.`, advice: 'Enter the tenant id or a domain of the tenant, and check whether the cloud is the right one.', action: 'open-server' }),
  'redirect-url-refused': ({ redirectUrl }) => ({ title: `The redirect URL ${redirectUrl} is not registered for the application.`, advice: 'Add exactly this URL to the application at the provider, as a desktop or native application, then sign in again.', action: 'open-server' }),
  'redirect-port-taken': ({ redirectUrl }) => ({ title: `Mailroom cannot listen on ${redirectUrl}: another program does.`, advice: 'Close the other program, or set another redirect URL here and at the provider. Sign-in by device code needs no redirect.', action: 'open-server' }),
  'scope-refused': ({ scope }) => ({ title: `The provider refuses the scopes ${listed(scope)}.`, advice: 'Add these permissions to the application at the provider, or leave the scopes empty so that Mailroom fills them in.', action: 'open-server' }),
  'scope-missing': ({ server, missing }) => ({ title: `The sign-in of ${quoted(server)} lacks ${listed(missing)}.`, advice: 'Add the permission to the application at the provider, have an administrator consent to it, and sign in again.', action: 'sign-in' }),
  'consent-missing': ({ server }) => ({ title: `Nobody has consented to the application of ${quoted(server)}.`, advice: 'An administrator of the tenant grants consent to the application at the provider; then sign in again.', action: 'sign-in' }),
  'sign-in-interaction-needed': ({ server }) => ({ title: `The provider wants the user of ${quoted(server)} in person.`, advice: 'A second factor or an access policy asks for it. Sign in again in the browser; for an unattended mailbox use client credentials.', action: 'sign-in' }),
  'sign-in-declined': ({ server }) => ({ title: `The sign-in to ${quoted(server)} was declined.`, advice: 'Sign in again and accept what the provider asks.', action: 'sign-in' }),
  'sign-in-timed-out': ({ server }) => ({ title: `Nobody finished the sign-in to ${quoted(server)} in time.`, advice: 'Start the sign-in again and finish it in the browser.', action: 'sign-in' }),
  'signed-in-as-another': ({ wanted, got }) => ({ title: `${got} signed in, but the server is set up for ${wanted}.`, advice: 'Sign in with the account of the server. For a shared mailbox, enter the account as user and the shared address as mailbox. Nothing was stored.', action: 'sign-in' }),
  'wrong-cloud': ({ server }) => ({ title: `${quoted(server)} is set up for another Microsoft cloud than its account belongs to.`, advice: 'Choose the cloud of the tenant: its sign-in host and endpoint belong together, and tokens of one cloud are worth nothing in another.', action: 'open-server' }),
  'authority-unusable': ({ url }) => ({ title: `${url} does not answer as a sign-in service.`, advice: 'Check the sign-in host, the tenant, the authorisation and token URL, and the proxy.', action: 'open-server' }),
  'sign-in-flow-refused': ({ server, flow }) => ({ title: `The provider does not let ${quoted(server)} sign in by ${flow}.`, advice: 'Allow public client flows for the application, or choose another way to sign in.', action: 'open-server' }),
  'key-file-unusable': ({ server, reason }) => ({ title: `The key of ${quoted(server)} cannot be used: ${reason.replace(/\.$/, '')}.`, advice: 'Use the JSON key file of the service account, or a PEM file with the private key, and for a certificate the certificate too.', action: 'open-server' }),
  'delegation-missing': ({ account, subject }) => ({ title: `The service account ${account} may not act for ${subject}.`, advice: 'In the Google Admin console, authorise the client id of the service account for the scopes under Domain-wide delegation. It can take some minutes.', action: 'open-server' }),
  'clock-wrong': ({ offByMs }) => ({ title: `The clock of this computer is ${Math.abs(offByMs) < 90_000 ? seconds(Math.abs(offByMs)) : `${Math.round(Math.abs(offByMs) / 60_000)} minutes`} ${offByMs > 0 ? 'ahead' : 'behind'}.`, advice: 'Set the clock by network time: signed sign-ins are refused when it is more than a few minutes off.', action: 'retry' }),
  'token-refused': ({ server }) => ({ title: `The provider refused to sign ${quoted(server)} in.`, advice: 'Read the answer of the provider under Details and check the sign-in settings of the server.', action: 'sign-in' }),

  'delayed-by-provider': ({ server, until }) => ({ title: `${quoted(server)} is delayed by the provider until ${until.slice(11, 16)} UTC.`, advice: 'The provider limits how much may be asked of it. Mailroom goes on by itself; no mail is lost.', action: null }),
  'endpoint-wrong': ({ endpoint }) => ({ title: `${endpoint} is not the service it was taken for.`, advice: 'Check the URL in the server details; something else answers there.', action: 'open-server' }),
  'provider-refused': ({ server, request }) => ({ title: `The provider of ${quoted(server)} refused ${request}.`, advice: 'Read the answer of the provider under Details, and test the server.', action: 'retry' }),
  'api-not-enabled': ({ server, api, url }) => ({ title: `The ${api} is not enabled in the project that ${quoted(server)} signs in with.`, advice: `Enable it at ${url}, wait some minutes, and test the server again.`, action: 'open-server' }),
  'mailbox-not-found': ({ mailbox }) => ({ title: `There is no mailbox ${mailbox}, or it has no licence.`, advice: 'Check the address, and whether the mailbox is in the cloud and licensed.', action: 'open-server' }),
  'mailbox-access-denied': ({ mailbox, right, command }) => ({ title: `The mailbox ${mailbox} is not open to this sign-in: ${right} is missing.`, advice: command === '' ? 'Ask the administrator of the mailbox for this right.' : `An administrator can grant it with ${command} in the Exchange Management Shell.`, action: 'open-server' }),
  'forbidden-mailbox-readable': ({ mailbox }) => ({ title: `This sign-in can also read ${mailbox}, which it must not.`, advice: 'Limit the application to its mailboxes with RBAC for Applications (a management scope and an application role assignment). It can take an hour to take effect.', action: 'open-server' }),
  'email-command-refused': ({ reason }) => ({ title: `The e-mail command could not be carried out: ${asSentence(reason)}`, advice: 'Nothing of it was done. Mend what it says, or the rights of the person, then take the message in again.', action: null }),
  'sender-not-authentic': ({ sender, reason }) => ({ title: `The domain of ${sender} does not stand for this message: ${asSentence(reason)}`, advice: 'Where the mail is genuine, the sender has to mend SPF or DKIM; or set the check of this server to mark such mail only.', action: 'open-server' }),
  'sender-limit-reached': ({ sender, limit }) => ({ title: `${sender} sent more than ${limit} mails within an hour.`, advice: 'Look at what sends them. The mail waits in the error folder; raise the limit under Rules where so much is expected.', action: null }),
  'hand-over-refused': ({ target, status, final }) => ({ title: `${target} refused a request (HTTP ${status}).`, advice: final ? 'Look at its answer under Details, mend the settings of the help desk, then try again.' : 'It is tried again by itself, later and later; its answer is under Details.', action: null }),
  'hand-over-unreachable': ({ target, reason }) => ({ title: `${target} cannot be reached: ${asSentence(reason)}`, advice: 'Requests wait in their order and go out as soon as it answers. Check the URL and the network.', action: null }),
  'hand-over-secret-missing': ({ target }) => ({ title: `No secret is stored for ${target}.`, advice: 'Enter its signing secret or key under Hand-over; requests wait until then.', action: null }),
  'mail-loop': ({ address, answers }) => ({ title: `${address} got ${answers} automatic answers within an hour: it looks like a mail loop.`, advice: 'No more answers go there for now; its mail still comes in. Look at what answers at that address.', action: null }),
  'mail-returned': ({ address }) => ({ title: `Mail to ${address} came back.`, advice: 'Check the address of the person; what their mail server said is under Details.', action: null }),
  'attachments-stripped': ({ names, from }) => ({ title: `${names.length === 1 ? 'An attachment' : `${names.length} attachments`} from ${from} ${names.length === 1 ? 'was' : 'were'} taken off: ${listed(names)}.`, advice: 'The request says why. The original message is kept.', action: null }),
  'native-mail-cannot-listen': ({ address, port, reason }) => ({ title: `Mail cannot be received at ${address}:${port}: ${asSentence(reason)}`, advice: 'Choose another port or address, end the program that uses it, or run Mailroom with the right to use ports below 1024.', action: null }),
  'native-mail-certificate-unusable': ({ file, reason }) => ({ title: `The certificate or key in ${file} cannot be used: ${asSentence(reason)}`, advice: 'Name PEM files of a certificate and its key, without passphrase.', action: null }),
  'native-mail-not-received': ({ afterMs }) => ({ title: `The test mail did not arrive within ${seconds(afterMs)}.`, advice: 'Check the forwarding rule, the MX record and the firewall; the mail server that sent it may have returned a report.', action: 'retry' }),
  'round-trip-lost': ({ server, through, afterMs }) => ({ title: `The test mail through ${through} did not arrive in ${quoted(server)} within ${seconds(afterMs)}.`, advice: 'Look into the junk folder and the log of the mail server; the answer that the mail was accepted with is under Details.', action: 'retry' }),
  'folder-not-found': ({ server, folder, available }) => ({ title: `${quoted(server)} has no folder named ${folder}.`, advice: `Choose one of its folders: ${listed(available)}.`, action: 'open-server' }),
  'folder-access-denied': ({ server, folder }) => ({ title: `The user may not open the folder ${folder} on ${quoted(server)}.`, advice: 'Give the user read and write permission for the folder, or choose another folder.', action: 'open-server' }),
  'mailbox-locked': ({ server }) => ({ title: `The mailbox on ${quoted(server)} is locked by another connection.`, advice: 'Close other programs that fetch this mailbox; the next round tries again by itself.', action: 'retry' }),
  'mailbox-identity-changed': ({ server, folder, before, now }) => ({ title: `The folder ${folder} on ${quoted(server)} was rebuilt: its identity changed from ${before} to ${now}.`, advice: 'Mail that is already known is recognised by its Message-ID and not taken twice. Check that the server name and the folder are still the ones meant.', action: 'open-server' }),
  'command-refused': ({ server, command }) => ({ title: `${quoted(server)} refused the command ${command}.`, advice: 'Read the answer of the server. Turn on the e-mail debug of this server to see the whole conversation.', action: 'open-server' }),
  'source-did-not-shrink': ({ server, folder, messages }) => ({ title: `${counted(messages, 'message')} moved out of ${folder} on ${quoted(server)} ${messages === 1 ? 'is' : 'are'} still there.`, advice: 'Fetching of this server was stopped so that no copies pile up. Check the quota and the permissions of the mailbox, then start it again.', action: 'open-server' }),
  'error-folder-full': ({ server, messages, limit }) => ({ title: `The error folder of ${quoted(server)} holds ${counted(messages, 'message')}; fetching stops at ${limit}.`, advice: 'Look at the causes in the error folder, move the mails back to the inbox or delete them, then start fetching again.', action: 'open-folder' }),

  'message-too-large': ({ size, limit }) => ({ title: `The message has ${bytes(size)}; the limit of this server is ${bytes(limit)}.`, advice: 'Raise the largest message size in the server details, then move the mail back to the inbox.', action: 'open-folder' }),
  'message-empty': () => ({ title: 'The message is empty.', advice: 'Ask the sender to send it again, or delete it in the error folder.', action: 'open-folder' }),
  'message-without-headers': () => ({ title: 'The message has no header fields.', advice: 'Look at it in the error folder; it was probably damaged on its way or written by a faulty program.', action: 'open-folder' }),
  'message-header-too-large': ({ size, limit }) => ({ title: `The header of the message has ${bytes(size)}; at most ${bytes(limit)} are read.`, advice: 'Look at it in the error folder; such a header is made by a faulty or hostile program.', action: 'open-folder' }),
  'message-too-deeply-nested': ({ depth, limit }) => ({ title: `The parts of the message are nested ${depth} deep; at most ${limit} are read.`, advice: 'Look at it in the error folder; such a message is made by a faulty or hostile program.', action: 'open-folder' }),
  'message-too-many-parts': ({ parts, limit }) => ({ title: `The message has ${parts} parts; at most ${limit} are read.`, advice: 'Look at it in the error folder; such a message is made by a faulty or hostile program.', action: 'open-folder' }),
  'message-without-sender': () => ({ title: 'The message names no sender.', advice: 'Without an address in From nobody can be answered. In the error folder, edit a copy: add a From line and replay it.', action: 'open-folder' }),
  'message-unreadable': ({ reason }) => ({ title: `The message cannot be read: ${reason}.`, advice: 'Export it from the error folder and hand the support bundle to support.', action: 'open-folder' }),
  'message-incomplete': ({ expected, received }) => ({ title: `The message ended after ${bytes(received)} of ${bytes(expected)}.`, advice: 'Move it back to the inbox so that it is downloaded again.', action: 'open-folder' }),

  'recipient-refused': ({ server, recipients }) => ({ title: `${quoted(server)} refused ${listed(recipients)} as recipient.`, advice: 'Check the addresses, and whether the server lets this user send to other domains.', action: 'open-server' }),
  'sender-refused': ({ server, sender }) => ({ title: `${quoted(server)} refused ${sender} as sender.`, advice: 'Set reply-to to an address that the user may send from.', action: 'open-server' }),
  'mail-refused': ({ server }) => ({ title: `${quoted(server)} refused the mail.`, advice: 'Read the answer of the server: size, content or policy is named there.', action: 'open-server' }),
  'mail-deferred': ({ server }) => ({ title: `${quoted(server)} did not take the mail for now.`, advice: 'Try again in some minutes; greylisting and limits look like this.', action: 'retry' }),
  'mail-too-large': ({ server, size, limit }) => ({ title: `The mail has ${bytes(size)}; ${quoted(server)} takes ${limit === 0 ? 'less' : bytes(limit)}.`, advice: 'Send it with smaller attachments, or raise the limit on the server.', action: 'open-server' }),
  'outgoing-blocked': ({ server }) => ({ title: `Outgoing mail is blocked on ${quoted(server)}.`, advice: 'Clear “block outgoing mail” in the server details to send.', action: 'open-server' }),
  'sender-unverified': ({ server, sender }) => ({ title: `${quoted(server)} sends as ${sender}, which nobody has shown to be an address of yours.`, advice: 'Under Verified senders, send a code to it and enter what came. Mail waits in the outbox until then.', action: null }),
  'mail-uncertain': ({ server }) => ({ title: `Nobody can say whether ${quoted(server)} took the mail: the connection ended while it was under way.`, advice: 'Look for it at the recipient or in the sent mail, then choose “It arrived” or “Send again” in the outbox.', action: null }),
  'mail-given-up': ({ hours, tries }) => ({ title: `No server took the mail within ${counted(hours, 'hour')} (${counted(tries, 'try', 'tries')}).`, advice: 'Look at the last tries, mend what is in the way, and send it again from the outbox.', action: null }),
  'recipient-unusable': ({ address }) => ({ title: `${address === '' ? 'The mail has no recipient' : `${address} is no address that mail can be sent to`}.`, advice: 'Correct the address where it comes from: the rule, the person or the request.', action: null }),
  'code-wrong': ({ triesLeft }) => ({ title: 'That is not the code.', advice: triesLeft > 0 ? `Look at the newest mail with a code, and try again; ${counted(triesLeft, 'try', 'tries')} left.` : 'That was the last try. Have a new code sent.', action: null }),
  'code-expired': () => ({ title: 'The code is not valid any more.', advice: 'Have a new code sent, and enter it within half an hour.', action: null }),
  'codes-switched-off': () => ({ title: 'Mail with codes is switched off in the settings.', advice: 'An administrator switches mail of the category Second factor on, under Alerts, fetching, sending.', action: null }),
  'code-sent-just-now': ({ waitSeconds }) => ({ title: 'A code was sent just now.', advice: `Wait for the mail; another can be sent in ${counted(waitSeconds, 'second')}.`, action: null }),
  'dkim-key-unusable': ({ server, reason }) => ({ title: `The DKIM key of ${quoted(server)} cannot be used: ${reason}.`, advice: 'Give a private key in PEM (RSA of at least 1024 bits, or Ed25519) whose public half is published under the selector.', action: 'open-server' }),
  'dkim-key-not-published': ({ name, record, reason }) => ({ title: `Recipients cannot check the DKIM signature: ${reason}`, advice: `Put this TXT record at ${name} in the DNS of the domain, then test again: ${record}`, action: 'retry' }),
  'no-outgoing-server': () => ({ title: 'There is no outgoing server.', advice: 'Add an outgoing server and make it the default.', action: 'open-server' }),

  'disk-full': ({ folder }) => ({ title: `The disk that holds ${folder} is full.`, advice: 'Free some space; fetching goes on by itself. Nothing was marked on a mail server that is not stored here.', action: 'retry' }),
  'data-folder-in-use': ({ folder, processId }) => ({ title: `The data folder ${folder} is in use by another process${processId === null ? '' : ` (${processId})`}.`, advice: 'Do it in the Mailroom that has it open, or close that first; --data names another folder. status, metrics and outgoing list answer meanwhile.', action: 'retry' }),
  'data-folder-unwritable': ({ folder, reason }) => ({ title: `The data folder ${folder} cannot be written: ${reason}.`, advice: 'Give this user write permission, or name another folder with --data.', action: 'retry' }),
  'data-folder-damaged': ({ file, reason }) => ({ title: `The file ${file} in the data folder is damaged: ${reason}.`, advice: 'It was left as it is. Restore the data folder from a backup, or start with an empty one.', action: null }),
  'data-folder-newer': ({ folder, version, supported }) => ({ title: `The data folder ${folder} was written by a newer Mailroom (version ${version}; this one reads up to ${supported}).`, advice: 'Use the newer Mailroom, or name another folder with --data.', action: null }),
  'keychain-unavailable': ({ reason }) => ({ title: `The keychain of this system does not answer: ${reason}.`, advice: 'Unlock the keychain, or set MAILROOM_PASSPHRASE to keep passwords in a vault file.', action: 'retry' }),
  'vault-locked': () => ({ title: 'The vault that holds the passwords is locked.', advice: 'Enter its passphrase, or set MAILROOM_PASSPHRASE.', action: 'unlock' }),
  'wrong-passphrase': ({ of }) => of === 'backup' ? { title: 'The passphrase does not open the backup.', advice: 'Enter the passphrase that the backup was made with.', action: null } : ({ title: 'The passphrase does not open the vault.', advice: 'Enter the passphrase that the vault was made with.', action: 'unlock' }),
  'data-key-missing': ({ folder }) => ({ title: `The key of the data folder ${folder} is not in the credential store.`, advice: 'Open it as the user and on the computer that made it, or with the vault that belongs to it.', action: 'unlock' }),
  'file-not-found': ({ file }) => ({ title: `There is no file ${file}.`, advice: 'Check the path.', action: null }),
  'file-unreadable': ({ file, reason }) => ({ title: `The file ${file} cannot be used: ${reason}.`, advice: 'Check the path and the permissions.', action: null }),
  'file-exists': ({ file }) => ({ title: `The file ${file} is there already.`, advice: 'Name another file, or remove this one first; nothing is overwritten.', action: null }),

  'invalid-input': ({ issues }) => ({ title: issues.length === 1 ? `The input is not right: ${firstOf(issues)}` : `${counted(issues.length, 'field')} of the input ${issues.length === 0 ? 'are' : 'need a correction'}: ${firstOf(issues)}`, advice: 'Correct what is named and try again; nothing was changed.', action: null }),
  'invalid-configuration': ({ file, issues }) => ({ title: `${file} has ${counted(issues.length, 'fault')}: ${firstOf(issues)}`, advice: 'Correct the file and try again; nothing was changed.', action: null }),
  'not-found': ({ what, name, nearest }) => ({ title: `There is no ${what} ${/^\d+$/.test(name) ? '' : 'named '}${name}.`, advice: nearest === null ? 'Look at the list for those that exist.' : `Did you mean ${nearest}?`, action: null }),
  'name-taken': ({ what, name }) => ({ title: `There is already ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} named ${name}.`, advice: 'Choose another name.', action: null }),
  'in-use': ({ what, name, by }) => ({ title: `The ${what} ${name} is used by ${listed(by)}.`, advice: 'Choose another one there first.', action: null }),
  'server-is-running': ({ server }) => ({ title: `${quoted(server)} is fetching mail.`, advice: 'Stop fetching first, make the change, and start it again.', action: 'open-server' }),
  'server-is-draft': ({ server, issues }) => ({ title: `${quoted(server)} is a draft and cannot be used yet${issues.length === 0 ? '' : `: ${firstOf(issues)}`}`, advice: 'Open the server and complete the marked fields.', action: 'open-server' }),
  'no-setup-found': ({ address, notes = [] }) => ({ title: `No settings were found for ${address}.`, advice: ['Check the address, or add the server by hand with what its administrator tells you.', ...notes.slice(0, 3)].join(' '), action: null }),
  'server-has-no-folders': ({ server }) => ({ title: `${quoted(server)} has no folders.`, advice: 'The protocol of this server knows no error folder; export the message from the error list instead.', action: null }),
  'folder-not-empty': ({ folder }) => ({ title: `The folder ${folder} is not empty.`, advice: 'Name a folder that is empty or not there yet; nothing is overwritten.', action: null }),
  'backup-damaged': ({ file, reason }) => ({ title: `The backup ${file} is damaged: ${reason}.`, advice: 'Take another backup. Nothing was restored.', action: null }),
  'backup-newer': ({ file, version, supported }) => ({ title: `The backup ${file} was made by a newer Mailroom (format ${version}; this one reads ${supported}).`, advice: 'Install the newer version, then restore it there.', action: null }),
  'history-broken': ({ entry, reason }) => ({ title: entry === null ? `The history is not as it was written: ${reason}.` : `The history is not as it was written from entry ${entry} on: ${reason}.`, advice: 'Somebody changed the data folder by other means, or an older copy of it was put back. Compare with a backup, and find out who has access to the folder.', action: null }),
  'content-removed': ({ what, at }) => ({ title: what === 'original' ? `The original message was removed on ${at.slice(0, 10)}.` : `The text was removed on ${at.slice(0, 10)}.`, advice: 'The retention period of the partition was over. The mail may still be on the mail server.', action: null }),
  'content-gone': ({ pack }) => ({ title: `Mail waited so long to be stored that its file (${pack}) was cleared up meanwhile.`, advice: 'Nothing was marked on the mail server; the next round takes it again.', action: 'retry' }),
  'disk-filling': ({ folder, freeBytes }) => ({ title: `The disk of ${folder} is almost full: ${Math.floor(freeBytes / 1_000_000)} MB are left.`, advice: 'Make room, or let the retention periods remove older mail under Storage.', action: null }),
  'mailbox-silent': ({ server, since, expected }) => ({ title: `No mail has come to ${quoted(server)} since ${utcMinute(since)}, where about ${counted(Math.round(expected), 'message')} would have.`, advice: 'Fetching itself works. Send a message to the mailbox, or use the round trip of the connection test: perhaps mail is held up or delivered elsewhere.', action: 'open-server' }),
  'mail-waits': ({ since, count }) => ({ title: `${counted(count, 'mail')} cannot be sent; the oldest has waited since ${utcMinute(since)}.`, advice: 'Look in the outbox for the reason, and test the outgoing server.', action: null }),
  'wrong-pin': ({ triesLeft }) => ({ title: 'That is not the PIN.', advice: triesLeft > 0 ? `Try again; after ${triesLeft} more there is a wait.` : 'Wait a moment, then try again.', action: null }),
  'too-many-tries': ({ waitMs }) => ({ title: 'The PIN was wrong too often.', advice: `Try again in ${waitMs < 90_000 ? counted(Math.ceil(waitMs / 1000), 'second') : counted(Math.ceil(waitMs / 60_000), 'minute')}.`, action: null }),
  'nothing-to-replay': ({ reason }) => ({ title: `This message cannot be replayed: ${reason}.`, advice: 'Move it back to the inbox instead, or look at the request that it became.', action: null }),
  'already-running': ({ what }) => ({ title: `${what} is running already.`, advice: 'Wait until it is done, or cancel it.', action: 'retry' }),
  'not-allowed': ({ call, role }) => ({ title: `The role ${role} may not do this (${call}).`, advice: 'Ask an administrator, or open the console with the administrator’s link.', action: null }),
  cancelled: () => ({ title: 'The work was cancelled.', advice: 'What was finished before is kept. Start it again when you like.', action: 'retry' }),
  'main-process-gone': () => ({ title: 'The console does not answer any more.', advice: 'Check whether Mailroom is still running, then load the page again.', action: 'retry' }),
  unexpected: ({ reference }) => ({ title: `Something unexpected happened (reference ${reference}).`, advice: 'The log holds the details under this reference. Try again; if it stays, hand the log to support.', action: 'retry' })
}
