/**
 * Everything that can go wrong, as data. A problem never carries a secret, a stack trace or a path outside the data folder.
 * `serverSaid` is the other side's own answer, redacted. Words and remedies are in `problem-words.ts`.
 */
export type Problem = ConnectionProblem | TlsProblem | SignInProblem | MailboxProblem | MessageProblem | SendingProblem | HandOverProblem | NativeMailProblem | DataProblem | RequestProblem

/** Where a connection was meant to go; named in the words so that a supporter can read it out. */
export type Peer = { host: string; port: number }

type ConnectionProblem =
  | ({ code: 'host-not-found' } & Peer)
  | ({ code: 'connection-refused' } & Peer)
  | ({ code: 'host-unreachable' } & Peer)
  | ({ code: 'connection-timed-out'; afterMs: number } & Peer)
  | ({ code: 'server-silent'; afterMs: number } & Peer)
  | ({ code: 'connection-dropped'; during: string } & Peer)
  | ({ code: 'not-a-mail-server'; expected: string; serverSaid: string } & Peer)
  | ({ code: 'server-busy'; serverSaid: string } & Peer)
  | ({ code: 'server-refused'; serverSaid: string } & Peer)
  | ({ code: 'proxy-failed'; proxy: string; serverSaid: string } & Peer)
  | ({ code: 'proxy-asks-for-credentials'; proxy: string; serverSaid: string } & Peer)
  | { code: 'proxy-secret-missing'; server: string }
  | ({ code: 'not-a-proxy'; proxy: string; serverSaid: string } & Peer)
  | ({ code: 'round-too-slow'; deadlineMs: number; during: string } & Peer)

/** A certificate as shown to a person: names, SHA-256 fingerprint in colon hex, ISO times. */
export type CertificateSeen = {
  subject: string
  issuer: string
  names: string[]
  validFrom: string
  validTo: string
  fingerprint256: string
}

type TlsProblem =
  | ({ code: 'server-speaks-plain-text'; serverSaid: string } & Peer)
  | ({ code: 'server-expects-tls' } & Peer)
  | ({ code: 'starttls-not-offered' } & Peer)
  | ({ code: 'tls-version-too-low'; offered: string | null; wanted: string } & Peer)
  | ({ code: 'tls-handshake-failed'; serverSaid: string } & Peer)
  | ({ code: 'certificate-expired'; certificate: CertificateSeen } & Peer)
  | ({ code: 'certificate-not-yet-valid'; certificate: CertificateSeen } & Peer)
  | ({ code: 'certificate-self-signed'; certificate: CertificateSeen } & Peer)
  | ({ code: 'certificate-wrong-name'; certificate: CertificateSeen } & Peer)
  | ({ code: 'certificate-untrusted'; certificate: CertificateSeen } & Peer)
  | ({ code: 'certificate-pin-mismatch'; pinned: string; certificate: CertificateSeen } & Peer)
  | ({ code: 'certificate-chain-incomplete'; certificate: CertificateSeen } & Peer)
  | ({ code: 'client-certificate-wanted'; serverSaid: string } & Peer)
  | { code: 'client-certificate-unusable'; file: string; reason: string }
  | { code: 'ca-file-unusable'; file: string; reason: string }

type SignInProblem =
  | { code: 'credentials-refused'; server: string; user: string; serverSaid: string }
  | { code: 'credentials-missing'; server: string }
  | { code: 'sign-in-method-not-offered'; server: string; offered: string[] }
  | { code: 'sign-in-needs-encryption'; server: string; serverSaid: string }
  /** Nobody has signed in to this server yet. */
  | { code: 'sign-in-needed'; server: string }
  /** The refresh token was not used for 90 days (AADSTS700082), or for as long as the provider allows. */
  | { code: 'sign-in-idle-too-long'; server: string; serverSaid: string }
  /** Revoked by the user, an administrator or a new password (AADSTS50173, AADSTS700003, invalid_grant). */
  | { code: 'sign-in-revoked'; server: string; serverSaid: string }
  | { code: 'client-secret-expired'; server: string; serverSaid: string }
  | { code: 'client-secret-wrong'; server: string; serverSaid: string }
  | { code: 'client-unknown'; server: string; clientId: string; serverSaid: string }
  | { code: 'tenant-unknown'; server: string; tenant: string; serverSaid: string }
  | { code: 'redirect-url-refused'; server: string; redirectUrl: string; serverSaid: string }
  | { code: 'redirect-port-taken'; server: string; redirectUrl: string }
  | { code: 'scope-refused'; server: string; scope: string[]; serverSaid: string }
  | { code: 'scope-missing'; server: string; missing: string[]; granted: string[] }
  | { code: 'consent-missing'; server: string; serverSaid: string }
  /** A second factor or a conditional access policy wants the user (AADSTS50076, 50079, 53003). */
  | { code: 'sign-in-interaction-needed'; server: string; serverSaid: string }
  | { code: 'sign-in-declined'; server: string; serverSaid: string }
  | { code: 'sign-in-timed-out'; server: string }
  | { code: 'signed-in-as-another'; server: string; wanted: string; got: string }
  | { code: 'wrong-cloud'; server: string; serverSaid: string }
  | { code: 'authority-unusable'; server: string; url: string; serverSaid: string }
  | { code: 'sign-in-flow-refused'; server: string; flow: string; serverSaid: string }
  | { code: 'key-file-unusable'; server: string; reason: string }
  | { code: 'delegation-missing'; server: string; account: string; subject: string; serverSaid: string }
  | { code: 'clock-wrong'; server: string; offByMs: number; serverSaid: string }
  | { code: 'token-refused'; server: string; serverSaid: string }

type MailboxProblem =
  /** The provider throttles; nothing is asked of it before `until` (ISO 8601). It is no failure. */
  | { code: 'delayed-by-provider'; server: string; until: string; serverSaid: string }
  /** There is something else at the URL than the protocol's service. */
  | { code: 'endpoint-wrong'; server: string; endpoint: string; serverSaid: string }
  | { code: 'provider-refused'; server: string; request: string; serverSaid: string }
  /** The application's project has not turned on the service that it asks; `url` is where that is done. */
  | { code: 'api-not-enabled'; server: string; api: string; url: string; serverSaid: string }
  | { code: 'mailbox-not-found'; server: string; mailbox: string; serverSaid: string }
  /** `right` is what has to be granted, such as FullAccess; `command` is what an administrator can paste, empty where there is none. */
  | { code: 'mailbox-access-denied'; server: string; mailbox: string; right: string; command: string; serverSaid: string }
  | { code: 'forbidden-mailbox-readable'; server: string; mailbox: string }
  | { code: 'round-trip-lost'; server: string; through: string; afterMs: number; serverSaid: string }
  | { code: 'folder-not-found'; server: string; folder: string; available: string[] }
  | { code: 'folder-access-denied'; server: string; folder: string; serverSaid: string }
  | { code: 'mailbox-locked'; server: string; serverSaid: string }
  | { code: 'mailbox-identity-changed'; server: string; folder: string; before: string; now: string }
  | { code: 'command-refused'; server: string; command: string; serverSaid: string }
  | { code: 'source-did-not-shrink'; server: string; folder: string; messages: number }
  /** No mail since `since` (ISO 8601), where about `expected` messages would have come. */
  | { code: 'mailbox-silent'; server: string; since: string; expected: number }
  /** Mail that waits to be sent has waited since `since`. */
  | { code: 'mail-waits'; since: string; count: number }
  | { code: 'error-folder-full'; server: string; messages: number; limit: number }

type MessageProblem =
  | { code: 'message-too-large'; size: number; limit: number }
  | { code: 'message-empty' }
  | { code: 'message-without-headers' }
  | { code: 'message-header-too-large'; size: number; limit: number }
  | { code: 'message-too-deeply-nested'; depth: number; limit: number }
  | { code: 'message-too-many-parts'; parts: number; limit: number }
  | { code: 'message-without-sender' }
  | { code: 'message-unreadable'; reason: string }
  /** An e-mail command that could not be carried out; `reason` says why. Nothing of it was done. */
  | { code: 'email-command-refused'; reason: string }
  | { code: 'sender-not-authentic'; sender: string; reason: string }
  | { code: 'sender-limit-reached'; sender: string; limit: number }
  | { code: 'message-incomplete'; expected: number; received: number }

type SendingProblem =
  | { code: 'recipient-refused'; server: string; recipients: string[]; serverSaid: string }
  | { code: 'sender-refused'; server: string; sender: string; serverSaid: string }
  | { code: 'mail-refused'; server: string; serverSaid: string }
  | { code: 'mail-deferred'; server: string; serverSaid: string }
  | { code: 'mail-too-large'; server: string; size: number; limit: number; serverSaid: string }
  | { code: 'outgoing-blocked'; server: string }
  /** The From address was not shown to be ours by a code, and `sending.requireVerifiedSenders` wants that. */
  | { code: 'sender-unverified'; server: string; sender: string }
  /** The mail was under way when the connection, or the console, ended: it may have arrived. */
  | { code: 'mail-uncertain'; server: string; serverSaid: string }
  /** No server took it in all the time that `sending.giveUpAfterHours` gives; why not is told by its tries. */
  | { code: 'mail-given-up'; hours: number; tries: number }
  | { code: 'recipient-unusable'; address: string }
  /** A code from a mail, typed wrong; with no tries left a new one has to be sent. */
  | { code: 'code-wrong'; triesLeft: number }
  | { code: 'code-expired' }
  /** Somebody signs in with a token that needs a code, and mail of the category two-factor is switched off. */
  | { code: 'codes-switched-off' }
  | { code: 'code-sent-just-now'; waitSeconds: number }
  | { code: 'dkim-key-unusable'; server: string; reason: string }
  /** Mail is signed with a key whose public half does not stand at `name` in DNS; `record` belongs there. */
  | { code: 'dkim-key-not-published'; server: string; name: string; record: string; reason: string }
  | { code: 'no-outgoing-server' }

type HandOverProblem =
  /** The help desk answered, but not as agreed; it is tried again unless `final`. */
  | { code: 'hand-over-refused'; target: string; status: number; serverSaid: string; final: boolean }
  | { code: 'hand-over-unreachable'; target: string; reason: string }
  | { code: 'hand-over-secret-missing'; target: string }
  | { code: 'mail-loop'; address: string; answers: number }
  | { code: 'mail-returned'; address: string; serverSaid: string }
  | { code: 'attachments-stripped'; names: string[]; from: string }

type NativeMailProblem =
  | { code: 'native-mail-cannot-listen'; address: string; port: number; reason: string }
  | { code: 'native-mail-certificate-unusable'; file: string; reason: string }
  | { code: 'native-mail-not-received'; afterMs: number }

type DataProblem =
  | { code: 'disk-full'; folder: string }
  | { code: 'data-folder-in-use'; folder: string; processId: number | null }
  | { code: 'data-folder-unwritable'; folder: string; reason: string }
  | { code: 'data-folder-damaged'; file: string; reason: string }
  | { code: 'data-folder-newer'; folder: string; version: number; supported: number }
  | { code: 'keychain-unavailable'; reason: string }
  | { code: 'vault-locked' }
  | { code: 'wrong-passphrase'; of?: 'backup' }
  | { code: 'data-key-missing'; folder: string }
  | { code: 'file-not-found'; file: string }
  | { code: 'file-unreadable'; file: string; reason: string }
  | { code: 'file-exists'; file: string }
  | { code: 'folder-not-empty'; folder: string }
  | { code: 'backup-damaged'; file: string; reason: string }
  | { code: 'backup-newer'; file: string; version: number; supported: number }
  /** The chain of the history does not hold; `entry` is the first that is not as it was written. */
  | { code: 'history-broken'; entry: number | null; reason: string }
  /** Taken away by the retention period, at `at` (ISO 8601). */
  | { code: 'content-removed'; what: 'original' | 'text'; at: string }
  /** A message lay in a file that was cleared up before it was committed: it has to be taken in again. */
  | { code: 'content-gone'; pack: number }
  | { code: 'disk-filling'; folder: string; freeBytes: number }

/** One fault in a form or a configuration file. `line` and `column` count from 1 and are there for files only. */
export type InputIssue = { path: string; message: string; line?: number; column?: number }

type RequestProblem =
  | { code: 'invalid-input'; issues: InputIssue[] }
  | { code: 'invalid-configuration'; file: string; issues: InputIssue[] }
  | { code: 'not-found'; what: 'incoming server' | 'outgoing server' | 'partition' | 'request' | 'error record' | 'attachment' | 'secret' | 'call' | 'person' | 'help desk' | 'request template' | 'download' | 'history entry' | 'earlier configuration' | 'access token' | 'sender address' | 'message' | 'outbox mail'; name: string; nearest: string | null }
  | { code: 'name-taken'; what: string; name: string }
  | { code: 'in-use'; what: string; name: string; by: string[] }
  | { code: 'server-is-running'; server: string }
  | { code: 'server-is-draft'; server: string; issues: InputIssue[] }
  /** `notes` say what went wrong where it was looked for; left out where nothing did. */
  | { code: 'no-setup-found'; address: string; notes?: string[] }
  | { code: 'server-has-no-folders'; server: string }
  | { code: 'already-running'; what: string }
  | { code: 'wrong-pin'; triesLeft: number }
  | { code: 'too-many-tries'; waitMs: number }
  /** The message is not stored, or was processed meanwhile: there is nothing to be replayed. */
  | { code: 'nothing-to-replay'; reason: string }
  | { code: 'not-allowed'; call: string; role: string }
  | { code: 'cancelled' }
  | { code: 'main-process-gone' }
  | { code: 'unexpected'; reference: string }

export type ProblemCode = Problem['code']
export type ProblemOf<Code extends ProblemCode> = Extract<Problem, { code: Code }>

/** The only error that carries a problem through the main process; anything else thrown is a bug. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.code, options)
    this.name = 'ProblemError'
    this.problem = problem
  }
}
