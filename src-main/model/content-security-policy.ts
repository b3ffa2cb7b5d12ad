/** What the console's page may load: its own files, styles under this answer's nonce, images of its own or inline; nothing remote. `forms`: a form of it may be sent to this host. */
export const contentSecurityPolicy = (nonce: string, forms: "'none'" | "'self'" = "'none'"): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    // Shown mail keeps its style attributes; they can neither run nor load anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action ${forms}`,
    "frame-ancestors 'none'"
  ].join('; ')

/** The placeholder that the build leaves in index.html for the nonce. */
export const noncePlaceholder = 'MAILROOM-NONCE'
