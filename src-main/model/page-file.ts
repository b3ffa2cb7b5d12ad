/** The file of the built page that a URL path asks for, relative and with forward slashes; null where it asks for anything else. */
export function pageFile(urlPath: string): { file: string; mediaType: string } | null {
  const path = decoded(urlPath)
  if (path === null) return null
  if (path === '/' || path === '/index.html') return { file: 'index.html', mediaType: 'text/html; charset=utf-8' }
  const matched = /^\/((?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)\.([a-z0-9]{1,5})$/.exec(path)
  const mediaType = matched === null ? undefined : mediaTypes.get(matched[2] ?? '')
  return matched === null || mediaType === undefined ? null : { file: `${matched[1]}.${matched[2]}`, mediaType }
}

const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['ico', 'image/x-icon'],
  ['woff2', 'font/woff2'],
  ['json', 'application/json'],
  ['txt', 'text/plain; charset=utf-8']
])

function decoded(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath)
  } catch {
    return null
  }
}
