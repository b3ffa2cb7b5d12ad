import { isIP } from 'node:net'

type Headers = { host?: string | undefined; origin?: string | undefined; 'sec-fetch-site'?: string | string[] | undefined }

/**
 * Whether a request was meant for this host. A name that only resolves here (DNS rebinding) is refused: Host must be an address,
 * localhost or the name that the host was started under.
 */
export function hostIsOurs(headers: Headers, startedUnder: string): boolean {
  const name = hostNameOf(headers.host)
  return name !== null && (isIP(name) !== 0 || name === 'localhost' || name === startedUnder.toLowerCase())
}

/** Whether the page that asks is our own: Origin, where the browser sends it, is the very host that was asked, under one of the schemes that it is reached by. */
export function originIsOurs(headers: Headers, schemes: readonly ('http' | 'https')[] = ['http']): boolean {
  const { origin, host = '' } = headers
  if (origin !== undefined) return schemes.some((scheme) => origin.toLowerCase() === `${scheme}://${host}`.toLowerCase())
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}

function hostNameOf(host: string | undefined): string | null {
  const matched = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+))(?::\d{1,5})?$/.exec(host ?? '')
  return matched === null ? null : (matched[1] ?? matched[2] ?? '').toLowerCase()
}
