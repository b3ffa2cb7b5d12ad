/** Mail from its writing to its end, each try of it, and addresses that were shown to be ours. */
export const mailGoesOut: readonly string[] = [
  /** An OutboxState; 'held' and 'sending' are never due. */
  `ALTER TABLE outbox ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting'`,
  `ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'acknowledgement'`,
  `UPDATE outbox SET kind = 'notice' WHERE notice = 1`,
  /** Name of the outgoing server that it must go through; null: that of the partition. */
  `ALTER TABLE outbox ADD COLUMN wanted_server TEXT`,
  /** The words stand apart: a row is written again with each change of its state. Pictures stand in the HTML as data: URLs; null: it is made of the text where the format is HTML. */
  `CREATE TABLE outbox_texts (mail INTEGER PRIMARY KEY, content TEXT NOT NULL, html TEXT)`,
  `INSERT INTO outbox_texts (mail, content) SELECT id, content FROM outbox`,
  /** What text and HTML have in characters. */
  `ALTER TABLE outbox ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0`,
  `UPDATE outbox SET bytes = LENGTH(content)`,
  `ALTER TABLE outbox DROP COLUMN content`,
  /** The highest number that a mail had which is gone: none is given twice. */
  `CREATE TABLE outbox_gone (id INTEGER NOT NULL)`,
  `INSERT INTO outbox_gone (id) VALUES (0)`,
  /** 1: a code, which goes before all else. */
  `ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 0`,
  /** When the try began that is under way (ISO 8601); after a crash such a mail is uncertain. */
  `ALTER TABLE outbox ADD COLUMN begun_at TEXT`,
  `ALTER TABLE outbox ADD COLUMN ended_at TEXT`,
  /** From when on it counts when the mail is given up; null: from when it was written. */
  `ALTER TABLE outbox ADD COLUMN term_from TEXT`,
  `ALTER TABLE outbox ADD COLUMN server TEXT`,
  `ALTER TABLE outbox ADD COLUMN through TEXT`,
  `ALTER TABLE outbox ADD COLUMN server_said TEXT NOT NULL DEFAULT ''`,
  `CREATE INDEX outbox_by_state ON outbox (state, next_at)`,
  /** Answers by itself what goes next, by which server, and how much there is. */
  `CREATE INDEX outbox_to_go ON outbox (state, priority DESC, id, next_at, wanted_server, partition_name, server)`,
  `CREATE INDEX outbox_by_end ON outbox (ended_at) WHERE ended_at IS NOT NULL`,
  `CREATE INDEX outbox_by_request ON outbox (request) WHERE request IS NOT NULL`,
  `CREATE TABLE outbox_tries (id INTEGER PRIMARY KEY, mail INTEGER NOT NULL, at TEXT NOT NULL, server TEXT NOT NULL, through TEXT NOT NULL, problem TEXT)`,
  `CREATE INDEX outbox_tries_by_mail ON outbox_tries (mail, id)`,
  /** `code_hash` is salted; tries_left counts down. */
  `CREATE TABLE sender_addresses (address TEXT PRIMARY KEY, kind TEXT NOT NULL, added_at TEXT NOT NULL, verified_at TEXT, code_hash TEXT, code_sent_at TEXT, code_expires_at TEXT, tries_left INTEGER NOT NULL DEFAULT 0)`,
  /** Address to which a code goes when somebody signs in with the token. */
  `ALTER TABLE access_tokens ADD COLUMN second_factor TEXT`
]
