import { useSyncExternalStore } from 'react'

/** Where the page is: `#/requests/12?server=it` is path ['requests', '12'] and search {server: 'it'}. */
export type HashLocation = { path: string[]; search: URLSearchParams }

const watchHash = (watcher: () => void): (() => void) => {
  window.addEventListener('hashchange', watcher)
  return () => window.removeEventListener('hashchange', watcher)
}

export const useHashLocation = (): HashLocation => parseHash(useSyncExternalStore(watchHash, () => window.location.hash))

export const parseHash = (hash: string): HashLocation => {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  return { path: path.split('/').filter(Boolean).map(decoded), search: new URLSearchParams(search) }
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** `hashOf('requests', 12)` is `#/requests/12`. */
export const hashOf = (...path: (string | number)[]): string => `#/${path.map((part) => encodeURIComponent(part)).join('/')}`
/** `withSearch('#/requests', { server: 'it' })` is `#/requests?server=it`; what is empty is left out. */
export const withSearch = (hash: string, search: Readonly<Record<string, string | null>>): string => {
  const pairs = Object.entries(search).flatMap(([name, value]) => (value ? [`${name}=${encodeURIComponent(value)}`] : []))
  return pairs.length === 0 ? hash : `${hash}?${pairs.join('&')}`
}
export const goTo = (hash: string): void => void (window.location.hash = hash)
