/** Statements in the subset that SQLite and PostgreSQL share. Configuration is kept as JSON documents; mail content is not kept here. */
export const firstVersion: readonly string[] = [
  `CREATE TABLE incoming_servers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL, last_test TEXT)`,
  `CREATE TABLE outgoing_servers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL, last_test TEXT)`,
  `CREATE TABLE partitions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL)`,
  `CREATE TABLE settings (id INTEGER PRIMARY KEY, document TEXT NOT NULL)`,
  `CREATE TABLE history (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, action TEXT NOT NULL, changes TEXT NOT NULL, reason TEXT)`,
  `CREATE TABLE contents (address TEXT PRIMARY KEY, pack INTEGER NOT NULL, "offset" INTEGER NOT NULL, length INTEGER NOT NULL, size INTEGER NOT NULL)`,
  /** `search` is subject and requester in lower case. */
  `CREATE TABLE requests (number INTEGER PRIMARY KEY, subject TEXT NOT NULL, status TEXT NOT NULL, requester TEXT NOT NULL, server TEXT NOT NULL, message_id TEXT, created_at TEXT NOT NULL, replies INTEGER NOT NULL, attachments INTEGER NOT NULL, search TEXT NOT NULL)`,
  `CREATE TABLE entries (id INTEGER PRIMARY KEY, request INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, received_at TEXT NOT NULL, steps TEXT NOT NULL, stripped TEXT, original_kept INTEGER NOT NULL)`,
  `CREATE INDEX entries_by_request ON entries (request)`,
  /** Message-IDs (hashed) known to belong to a request: its messages and, once mail is sent, ours. */
  `CREATE TABLE threads (message_key TEXT NOT NULL, request INTEGER NOT NULL, PRIMARY KEY (message_key, request))`,
  /** Every message ever seen on a server and what became of it. `fingerprint` recognises the same message under another id. */
  `CREATE TABLE ledger (id INTEGER PRIMARY KEY, server INTEGER NOT NULL, identity TEXT NOT NULL, uid TEXT NOT NULL, fingerprint TEXT, outcome TEXT NOT NULL, reason TEXT, request INTEGER, error INTEGER, acknowledged INTEGER NOT NULL, at TEXT NOT NULL)`,
  `CREATE UNIQUE INDEX ledger_by_uid ON ledger (server, identity, uid)`,
  `CREATE INDEX ledger_unfinished ON ledger (server, identity) WHERE acknowledged = 0`,
  `CREATE INDEX ledger_by_fingerprint ON ledger (fingerprint, server)`,
  `CREATE TABLE errors (id INTEGER PRIMARY KEY, server INTEGER NOT NULL, server_name TEXT NOT NULL, uid TEXT NOT NULL, subject TEXT NOT NULL, sender TEXT NOT NULL, message_id TEXT, code TEXT NOT NULL, failed_at TEXT NOT NULL, size INTEGER NOT NULL, place TEXT NOT NULL, content TEXT, record TEXT NOT NULL)`,
  `CREATE INDEX errors_by_server ON errors (server)`,
  `CREATE TABLE health (server INTEGER PRIMARY KEY, state TEXT NOT NULL)`,
  `CREATE TABLE mailboxes (server INTEGER PRIMARY KEY, identity TEXT NOT NULL)`,
  `CREATE TABLE notices (id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, server TEXT NOT NULL, text TEXT NOT NULL, problem TEXT, read INTEGER NOT NULL)`
]
