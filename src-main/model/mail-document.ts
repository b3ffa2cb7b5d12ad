/** The number of the conversation entry that `/mail/NUMBER` shows; null for any other path. */
export function mailEntryOf(path: string): number | null {
  const matched = /^\/mail\/([1-9]\d{0,14})$/.exec(path)
  return matched === null ? null : Number(matched[1])
}

/**
 * A message with its remote pictures, as a document of its own: the console's page inherits nothing to it and it can run nothing.
 * `html` is safe HTML. Shown in a frame once somebody asked for remote content.
 */
export const mailDocument = (html: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank"></head><body style="margin:12px;font:14px/1.5 'Segoe UI',system-ui,sans-serif;color:#1b2128;background:#fff;overflow-wrap:anywhere">${html}</body></html>`

/** What such a document may do: show pictures and styles, and open links outside. */
export const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
