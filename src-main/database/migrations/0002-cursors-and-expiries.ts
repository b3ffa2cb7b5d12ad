/** Where mailboxes left off, and which ends of secrets, certificates and announcements people were told of. */
export const cursorsAndExpiries: readonly string[] = [
  /** `place` names the mailbox and folder; one of another place is of no use. */
  `CREATE TABLE cursors (server INTEGER PRIMARY KEY, place TEXT NOT NULL, value TEXT NOT NULL)`,
  /** `days` is the warning that was given last: so many days ahead, 0 when it was over. */
  `CREATE TABLE rung_expiries (subject TEXT PRIMARY KEY, ends TEXT NOT NULL, days INTEGER NOT NULL)`
]
