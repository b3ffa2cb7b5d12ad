import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { HttpClient } from '../connection/http-client.ts'
import { isWithin } from './find-provider.ts'
import type { FoundSetup, SetupAddress } from './found-server.ts'
import { readClientConfig } from './read-client-config.ts'

/** An answer is cut off here. */
const mostBytes = 256 * 1024
const mostRedirects = 3
const withinMs = 5_000

export type ConfigPlace = { url: string; source: FoundSetup['source']; /** Domain within which redirects are followed. */ within: string }
/** Where a domain's configuration may lie. Only https is asked: what comes without TLS could be anybody's. */
export type ConfigUrls = { own(address: SetupAddress): string[]; database(domain: string): string }

/** https://datatracker.ietf.org/doc/draft-ietf-mailmaint-autoconfig/ and the database of the Thunderbird project, which learns the domain alone. */
export const usualUrls: ConfigUrls = {
  own: ({ address, domain }) => [`https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`, `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`],
  database: (domain) => `https://autoconfig.thunderbird.net/v1.1/${encodeURIComponent(domain)}`
}

/** The setup that lies at a place, or null, with what has to be said about it in `note`. Throws only where `signal` aborts. */
export async function fetchClientConfig(http: HttpClient, { url, source, within }: ConfigPlace, address: SetupAddress, signal: AbortSignal, note: (words: string) => void): Promise<FoundSetup | null> {
  const shown = url.split('?')[0] ?? url
  const timeout = AbortSignal.timeout(withinMs)
  let at = url
  try {
    for (let redirects = 0; ; redirects++) {
      const answer = await http.request({ method: 'GET', url: at, headers: { accept: 'text/xml, application/xml' }, mostBytes, signal: AbortSignal.any([signal, timeout]) })
      if (answer.status >= 300 && answer.status < 400 && answer.headers['location'] !== undefined) {
        const next = URL.parse(answer.headers['location'], at)
        if (next === null || next.protocol !== 'https:' || !isWithin(next.hostname, within) || redirects >= mostRedirects) {
          note(`${shown} leads on to ${next === null ? 'no URL' : `${next.protocol}//${next.host}`} and was not followed.`)
          return null
        }
        at = next.href
      } else if (answer.status === 404 || answer.status === 410) return null
      else if (answer.status !== 200) {
        note(`${shown} answered with ${answer.status}.`)
        return null
      } else {
        const found = readClientConfig(answer.body.toString('utf8'), address)
        if ('trouble' in found) {
          note(`The answer at ${shown} ${found.trouble}.`)
          return null
        }
        return { source, title: found.title, notes: [`Named by ${shown}`, ...found.notes], incoming: found.incoming, outgoing: found.outgoing }
      }
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    signal.throwIfAborted()
    const { problem } = error
    if (timeout.aborted) note(`${shown} did not answer within ${withinMs / 1000} seconds.`)
    else if (problem.code === 'endpoint-wrong') note(`The answer at ${shown} is larger than ${mostBytes / 1024} KB and was cut off.`)
    // Most domains have no such host, and many no web server; a proxy says so in its own way.
    else if (problem.code !== 'host-not-found' && problem.code !== 'connection-refused' && !(problem.code === 'proxy-failed' && isWithin(problem.host, address.domain))) note(`${shown}: ${wordsOf(problem).title}`)
    return null
  }
}
