/** What happened and when: mail by the hour, a chained history with earlier versions, tokens of the headless host, what retention took away. */
export const whenSomethingGoesWrong: readonly string[] = [
  /** Of mail that became no request. */
  `ALTER TABLE ledger ADD COLUMN subject TEXT`,
  `ALTER TABLE ledger ADD COLUMN sender TEXT`,
  `ALTER TABLE ledger ADD COLUMN message_id TEXT`,
  `CREATE INDEX ledger_by_outcome ON ledger (outcome, id)`,
  `CREATE INDEX ledger_by_server ON ledger (server, outcome, id)`,
  `CREATE INDEX ledger_by_message_id ON ledger (message_id) WHERE message_id IS NOT NULL`,
  /** What a replay made of the message. */
  `ALTER TABLE errors ADD COLUMN request INTEGER`,
  /** JSON of what was changed as it was after the change (for a deletion: before it); null where there is nothing to go back to. */
  `ALTER TABLE history ADD COLUMN version TEXT`,
  /** The hash of the entry before, and that of this one with it. */
  `ALTER TABLE history ADD COLUMN previous TEXT`,
  `ALTER TABLE history ADD COLUMN hash TEXT`,
  /** The configuration file as it was before an import. */
  `CREATE TABLE earlier_configurations (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, before_what TEXT NOT NULL, incoming INTEGER NOT NULL, outgoing INTEGER NOT NULL, document TEXT NOT NULL)`,
  `CREATE TABLE access_tokens (name TEXT PRIMARY KEY, role TEXT NOT NULL, token_hash TEXT NOT NULL, created_at TEXT NOT NULL, last_used_at TEXT)`,
  /** Messages by hour (YYYY-MM-DDTHH in UTC), server and outcome. */
  `CREATE TABLE traffic_hours (hour TEXT NOT NULL, server INTEGER NOT NULL, outcome TEXT NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (hour, server, outcome))`,
  /** Messages whose way from sent to committed took at most so many seconds, by classes. */
  `CREATE TABLE delay_hours (hour TEXT NOT NULL, server INTEGER NOT NULL, up_to_seconds INTEGER NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (hour, server, up_to_seconds))`,
  `CREATE TABLE round_hours (hour TEXT NOT NULL, server INTEGER NOT NULL, rounds INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (hour, server))`,
  `CREATE TABLE last_mails (server INTEGER PRIMARY KEY, at TEXT NOT NULL)`,
  `CREATE TABLE queue_samples (at TEXT NOT NULL, queue TEXT NOT NULL, length INTEGER NOT NULL, PRIMARY KEY (at, queue))`,
  /** How often a notice was repeated while nobody had read it, and when it was told first. */
  `ALTER TABLE notices ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE notices ADD COLUMN first_at TEXT`,
  /** Troubles that were told and are not over. */
  `CREATE TABLE standing_notices (kind TEXT NOT NULL, server TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (kind, server))`,
  /** When a notification mail last told of a subject, and what is held back since (JSON; null: nothing). */
  `CREATE TABLE notice_mails (subject TEXT PRIMARY KEY, told_at TEXT NOT NULL, held TEXT)`,
  /** 1: a notification of the console itself, not an answer to somebody. */
  `ALTER TABLE outbox ADD COLUMN notice INTEGER NOT NULL DEFAULT 0`,
  /** What came before is counted too, as far as the ledger tells. */
  `INSERT INTO traffic_hours (hour, server, outcome, messages) SELECT substr(at, 1, 13), server, outcome, COUNT(*) FROM ledger WHERE outcome <> 'released' GROUP BY substr(at, 1, 13), server, outcome`,
  `INSERT INTO last_mails (server, at) SELECT server, MAX(at) FROM ledger GROUP BY server`,
  /** Since when a mailbox is told to be silent. */
  `CREATE TABLE silences (server INTEGER PRIMARY KEY, since TEXT NOT NULL)`,
  /** What retention took from an entry ('original', 'text'), and when. The column attachments is the JSON of their names and sizes as they were. */
  `ALTER TABLE entries ADD COLUMN removed TEXT`,
  `ALTER TABLE entries ADD COLUMN removed_at TEXT`,
  `ALTER TABLE entries ADD COLUMN attachments TEXT`,
  `CREATE INDEX entries_by_time ON entries (received_at)`,
  `CREATE INDEX entries_by_content ON entries (content)`,
  `CREATE INDEX errors_by_content ON errors (content)`,
  `CREATE TABLE clean_ups (id INTEGER PRIMARY KEY, at TEXT NOT NULL, answer TEXT NOT NULL)`,
  /** Pack files whose messages were copied into others, and when; each is deleted once nothing can be reading or naming it. */
  `CREATE TABLE retired_packs (pack INTEGER PRIMARY KEY, at TEXT NOT NULL)`
]
