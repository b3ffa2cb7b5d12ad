import { domainToASCII } from 'node:url'
import { ProblemError } from '#contract/problem.ts'
import type { SetupAnswer } from '#contract/setup.ts'
import type { HttpClient, HttpRoute } from '../connection/http-client.ts'
import { recordsOf, setupFromAutodiscover, setupFromSrv, type SetupResolver } from './dns-records.ts'
import { fetchClientConfig, usualUrls, type ConfigUrls } from './fetch-client-config.ts'
import { findProvider, isWithin, setupOf } from './find-provider.ts'
import type { FoundSetup, SetupAddress } from './found-server.ts'
import { guessServers } from './guess-servers.ts'
import { makeCandidates } from './make-candidates.ts'
import { createProber } from './probe-servers.ts'

/** `route` is the way of every look at a server; `urls` are Thunderbird's unless a site has its own. */
export type SetupNeeds = { resolver: SetupResolver; http: HttpClient; route: HttpRoute; urls?: ConfigUrls }
/** `progress` is told in words what is being done. `partition` is where a new incoming server belongs. */
export type SetupOptions = { offline: boolean; signal: AbortSignal; progress?: (words: string) => void; partition?: string }

/**
 * Finds ways to the mailbox of an address: the built-in table, autoconfig, SRV, MX, and guessing last. Every host is looked at without naming the
 * user or a password. What goes wrong with a source is a note. Throws ProblemError `no-setup-found`, `cancelled`.
 */
export function createSetup(needs: SetupNeeds): { find(address: string, options: SetupOptions): Promise<SetupAnswer> } {
  return {
    async find(text, { offline, signal, progress = () => undefined, partition = '' }) {
      const address = addressOf(text)
      const notes: string[] = []
      const note = (words: string): void => void (notes.includes(words) || notes.push(words))
      try {
        const known = findProvider(address.domain)
        if (offline) {
          const setup = known === null ? guessServers(address, true) : setupOf(known, address)
          return { address: text, candidates: await makeCandidates([setup], address, partition, null), notes: ['Nobody was asked: this is what Mailroom knows by itself.'] }
        }
        progress(`Asking what ${address.domain} says about its mail`)
        const setups = await untilAborted(findSetups(needs, address, known === null ? null : setupOf(known, address), signal, note), signal)
        const probe = createProber({ http: needs.http, route: needs.route, signal })
        progress(setups.length === 0 ? 'Trying the usual names' : 'Looking whether the servers answer')
        const found = await makeCandidates(setups, address, partition, probe)
        const guessed = found.some(({ incomingProbe }) => incomingProbe.outcome !== 'failed') ? [] : (await makeCandidates([guessServers(address)], address, partition, probe)).filter(({ incomingProbe }) => incomingProbe.outcome !== 'failed')
        signal.throwIfAborted()
        const candidates = [...guessed, ...found]
        if (candidates.length === 0) throw new ProblemError({ code: 'no-setup-found', address: text, ...(notes.length === 0 ? {} : { notes }) })
        return { address: text, candidates, notes }
      } catch (error) {
        throw signal.aborted ? new ProblemError({ code: 'cancelled' }, { cause: error }) : error
      }
    }
  }
}

/** DNS cannot be called off; whoever cancels need not wait for it. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((done, failed) => {
    const onAbort = (): void => failed(signal.reason)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(done, failed).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** The domain in ASCII, as DNS wants it (RFC 5891). */
function addressOf(text: string): SetupAddress {
  const at = text.lastIndexOf('@')
  const domain = domainToASCII(text.slice(at + 1)).toLowerCase()
  if (at < 1 || domain === '' || !domain.includes('.')) throw new ProblemError({ code: 'no-setup-found', address: text })
  return { address: text, local: text.slice(0, at), domain }
}

async function findSetups({ resolver, http, urls = usualUrls }: SetupNeeds, address: SetupAddress, known: FoundSetup | null, signal: AbortSignal, note: (words: string) => void): Promise<FoundSetup[]> {
  const { domain } = address
  const own = known === null ? urls.own(address).map((url) => ({ url, source: 'autoconfig' as const, within: domain })) : []
  const database = (name: string, source: FoundSetup['source']) => ({ url: urls.database(name), source, within: new URL(urls.database(name)).hostname })
  const fetched = (place: Parameters<typeof fetchClientConfig>[1]): Promise<FoundSetup | null> => fetchClientConfig(http, place, address, signal, note)
  if (known !== null) return [known]
  const [exchangers, srv, exchange, listed, ...configured] = await Promise.all([
    recordsOf(resolver.mx(domain), `the mail exchangers of ${domain}`, note),
    setupFromSrv(resolver, address, note),
    setupFromAutodiscover(resolver, address, note),
    fetched(database(domain, 'autoconfig')),
    ...own.map(fetched)
  ])
  const names = exchangers.toSorted((a, b) => a.priority - b.priority).map(({ exchange: name }) => name.toLowerCase().replace(/\.$/, '')).filter((name) => name !== '')
  // RFC 7505: a single "." says that the domain takes no mail.
  if (exchangers.length > 0 && names.length === 0) note(`${domain} says that it takes no mail (RFC 7505).`)
  const provider = findProvider(domain, names)
  const bases = [...new Set(names.map(baseOf))].filter((base) => !isWithin(base, domain) && !isWithin(domain, base)).slice(0, 2)
  const byExchanger = provider === null ? await Promise.all(bases.map((base) => fetched(database(base, 'mx')))) : []
  const ofProvider = provider === null ? null : { ...setupOf(provider, address), notes: [`The mail of ${domain} arrives at ${provider.label} (${names[0] ?? ''})`, ...setupOf(provider, address).notes] }
  return [ofProvider, ...configured, srv, exchange, listed, ...byExchanger].filter((setup) => setup !== null)
}

/** The part of a mail exchanger's name that belongs to its provider; two labels, three below such as co.uk. */
function baseOf(name: string): string {
  const labels = name.split('.')
  const short = (labels.at(-2) ?? '').length <= 3 && (labels.at(-1) ?? '').length === 2
  return labels.slice(short ? -3 : -2).join('.')
}
