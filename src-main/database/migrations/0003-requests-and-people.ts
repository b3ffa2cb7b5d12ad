/** What requests are besides their mail, people, mail that goes out by itself, and hand-over to help desks. */
export const requestsAndPeople: readonly string[] = [
  `ALTER TABLE requests ADD COLUMN partition_name TEXT NOT NULL DEFAULT ''`,
  /** JSON of the request's values; null for none. */
  `ALTER TABLE requests ADD COLUMN details TEXT`,
  `CREATE TABLE request_changes (id INTEGER PRIMARY KEY, request INTEGER NOT NULL, at TEXT NOT NULL, changed_by TEXT NOT NULL, action TEXT NOT NULL, changes TEXT NOT NULL, entry INTEGER)`,
  `CREATE INDEX request_changes_by_request ON request_changes (request)`,
  /** `address_key` is the address in lower case, `search` name and address in lower case: what people are found and sorted by. */
  `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL, address_key TEXT NOT NULL UNIQUE, is_user INTEGER NOT NULL, is_analyst INTEGER NOT NULL, may_sign_in INTEGER NOT NULL, rights TEXT NOT NULL, format TEXT, source TEXT NOT NULL, created_at TEXT NOT NULL, undeliverable_since TEXT, search TEXT NOT NULL)`,
  `CREATE INDEX people_by_search ON people (search)`,
  `CREATE TABLE spam_hits (rule TEXT PRIMARY KEY, hits INTEGER NOT NULL, last_at TEXT NOT NULL)`,
  /** Mail that we sent, by the hash of its Message-ID, so that bounces and answers find their way. */
  `CREATE TABLE sent (message_key TEXT PRIMARY KEY, request INTEGER, recipient TEXT NOT NULL, at TEXT NOT NULL)`,
  /** Mail that waits to be sent. `partition_name` says through which server. */
  `CREATE TABLE outbox (id INTEGER PRIMARY KEY, partition_name TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, content TEXT NOT NULL, in_reply_to TEXT, message_id TEXT NOT NULL, request INTEGER, created_at TEXT NOT NULL, tries INTEGER NOT NULL, next_at TEXT NOT NULL, problem TEXT)`,
  /** Automatic answers of the last hours, by recipient in lower case. */
  `CREATE TABLE answered (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, at TEXT NOT NULL)`,
  `CREATE INDEX answered_by_recipient ON answered (recipient, at)`,
  /** Events on their way to help desks. `subject_id` is the id of the entry or change that the event is about. */
  `CREATE TABLE hand_over (id INTEGER PRIMARY KEY, target TEXT NOT NULL, request INTEGER NOT NULL, event TEXT NOT NULL, subject_id INTEGER, event_key TEXT NOT NULL UNIQUE, state TEXT NOT NULL, tries INTEGER NOT NULL, created_at TEXT NOT NULL, next_at TEXT, delivered_at TEXT, problem TEXT)`,
  `CREATE INDEX hand_over_waiting ON hand_over (target, state, request)`,
  `CREATE TABLE hand_over_remote (target TEXT NOT NULL, request INTEGER NOT NULL, remote_id TEXT NOT NULL, PRIMARY KEY (target, request))`,
  /** How far the move to native mail is: the address that a test mail arrived at, and whether the move was finished. */
  `CREATE TABLE native_mail (id INTEGER PRIMARY KEY, tested_address TEXT, is_finished INTEGER NOT NULL)`
]
