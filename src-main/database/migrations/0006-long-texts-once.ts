/** Pictures and long texts of the configuration and its history, each once. */
export const longTextsOnce: readonly string[] = [
  /** `sha256` is that of the content in UTF-8, as lower-case hex; a content may refer to others. */
  `CREATE TABLE shared_texts (sha256 TEXT PRIMARY KEY, content TEXT NOT NULL)`
]
