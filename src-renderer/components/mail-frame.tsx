import { Box } from '@mui/material'

/**
 * A mail's HTML behind glass: a sandboxed frame without scripts, forms or same origin, with its own policy. Links open outside.
 * `address` names a document of the host that may also load remote pictures; the page's own policy would refuse them.
 */
export const MailFrame = ({ html, title, address }: { html: string; title: string; address: string | null }) => (
  <Box
    component="iframe" title={title} sandbox="allow-popups allow-popups-to-escape-sandbox" referrerPolicy="no-referrer" {...(address === null ? { srcDoc: documentOf(html) } : { src: address })}
    sx={{ display: 'block', width: '100%', height: heightFor(html), minHeight: 96, border: 0, borderRadius: 1, bgcolor: '#ffffff', colorScheme: 'light', resize: 'vertical' }}
  />
)

// Inline style attributes are what the page's policy lets a shown mail have; a style element would need the nonce.
const documentOf = (html: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><base target="_blank"></head>` +
  `<body style="margin:12px;font:14px/1.5 'Segoe UI',system-ui,sans-serif;color:#1b2128;background:#fff;overflow-wrap:anywhere">${html}</body></html>`

/** A guess by the amount of text: the frame cannot be measured from outside; it scrolls, and can be pulled larger. */
const heightFor = (html: string): number => {
  const text = html.replace(/<[^>]*>/g, ' ')
  const lines = text.length / 90 + (html.match(/<(?:br|p|div|tr|li|h\d)\b/gi)?.length ?? 0) * 1.1 + (html.match(/<img\b/gi)?.length ?? 0) * 5
  return Math.round(Math.max(96, Math.min(560, 40 + lines * 21)))
}
