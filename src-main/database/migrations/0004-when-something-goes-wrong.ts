/** What happened and when: mail by the hour, a chained history with earlier versions, tokens of the headless host, what retention took away. */
export const whenSomethingGoesWrong: readonly string[] = [
  /** Of mail that became no request. */
  `ALTER TABLE ledger ADD COLUMN subject TEXT`,
  `ALTER TABLE ledger ADD COLUMN sender TEXT`,
  `CREATE INDEX ledger_by_outcome ON ledger (outcome, id)`,
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
  `CREATE TABLE queue_samples (at TEXT NOT NULL, queue TEXT NOT NULL, length INTEGER NOT NULL, PRIMARY KEY (at, queue))`,
  /** Since when a mailbox is told to be silent. */
  `CREATE TABLE silences (server INTEGER PRIMARY KEY, since TEXT NOT NULL)`,
  /** What retention took from an entry ('original', 'text'), and when. The column attachments is the JSON of their names and sizes as they were. */
  `ALTER TABLE entries ADD COLUMN removed TEXT`,
  `ALTER TABLE entries ADD COLUMN removed_at TEXT`,
  `ALTER TABLE entries ADD COLUMN attachments TEXT`,
  `CREATE INDEX entries_by_time ON entries (received_at)`,
  `CREATE INDEX entries_by_content ON entries (content)`,
  `CREATE TABLE clean_ups (id INTEGER PRIMARY KEY, at TEXT NOT NULL, answer TEXT NOT NULL)`
]
