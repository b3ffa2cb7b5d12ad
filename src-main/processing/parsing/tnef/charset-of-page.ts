const named: Record<number, string> = { 65001: 'utf-8', 20127: 'us-ascii', 20866: 'koi8-r', 21866: 'koi8-u', 50220: 'iso-2022-jp', 50221: 'iso-2022-jp', 51932: 'euc-jp', 51949: 'euc-kr', 52936: 'hz-gb-2312', 54936: 'gb18030', 10000: 'macintosh', 1200: 'utf-16le' }

/** The charset of a Windows code page (Code Page Identifiers, learn.microsoft.com/windows/win32/intl/code-page-identifiers); '' for none. */
export function charsetOfPage(page: number): string {
  const name = named[page]
  if (name !== undefined) return name
  if (page >= 28591 && page <= 28605) return `iso-8859-${page - 28590}`
  return page > 0 && page < 2000 ? `cp${page}` : ''
}
