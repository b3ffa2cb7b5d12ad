import dmarcLibrary from 'mailauth/lib/dmarc/index.js'
import dkimLibrary from 'mailauth/lib/dkim/verify.js'
import spfLibrary from 'mailauth/lib/spf/index.js'
import type { AuthenticationResult, MailAuthentication } from '#contract/authentication.ts'
import { judgeAuthentication, type JudgedResult } from '../model/judge-authentication.ts'
import { readAuthenticationResults } from '../model/read-authentication-results.ts'
import type { HeaderField, ParsedMessage } from '../processing/parsing/parsed-message.ts'
import { handedOverBy } from './handed-over-by.ts'
import type { SmtpSession } from './intake.ts'
import type { LookUp } from './look-up.ts'
import { sameOrganization } from './same-organization.ts'
import { signedPart } from './signed-part.ts'

export type AuthenticateNeeds = { lookUp: LookUp; trustedServers: readonly string[]; session: SmtpSession | null }

/**
 * SPF (RFC 7208), DKIM (RFC 6376, RFC 8301) and DMARC (RFC 7489) of a message, by mailauth. Where a trusted server of the mailbox has written
 * its results into the message they are taken. Never rejects: what goes wrong is `temperror`, and the verdict `unknown`.
 */
export async function authenticateMessage(raw: Buffer, { content, headers }: ParsedMessage, needs: AuthenticateNeeds): Promise<MailAuthentication> {
  const author = domainOf(content.from?.address ?? '')
  const written = readAuthenticationResults(headers, needs.trustedServers)
  if (written !== null) return judged({ ...written, by: 'trusted-server' }, author)
  return check(raw, headers, content.from?.address ?? '', needs).catch(() => unanswered(author))
}

async function check(raw: Buffer, headers: readonly HeaderField[], from: string, { lookUp, session }: AuthenticateNeeds): Promise<MailAuthentication> {
  const author = domainOf(from)
  // Asked before the rest: names that the sender chose, and that answer slowly, may use up all the time, but not hide the author's policy.
  dmarcLibrary.evaluateDmarc({ headerFrom: [from], fromFields: 1, spfDomains: [], dkimDomains: [], resolver: lookUp }).catch(() => undefined)
  const [spf, signatures] = await Promise.all([checkSpf(headers, session, lookUp), dkimLibrary.dkimVerify(signedPart(raw), { resolver: lookUp, rejectRsaSha1: true })])
  const dkim = signatures.results.filter(({ status }) => status.result !== 'none')
  const { response, reason } = await dmarcLibrary.evaluateDmarc({
    // A From that the library reads otherwise than we do has two authors: else it would vouch for one and we would believe the other.
    headerFrom: [from, ...signatures.headerFrom],
    fromFields: signatures.fromFields,
    spfDomains: spf.result === 'pass' ? [spf.domain] : [],
    dkimDomains: dkim.filter(({ status }) => status.result === 'pass').map(({ id, signingDomain, status }) => ({ id, domain: signingDomain ?? '', underSized: status.underSized })),
    resolver: lookUp
  })
  const severalAuthors = reason === 'multiple-author-domains' || reason === 'multiple-from-fields' || reason === 'invalid-author-domain'
  const dmarc = response === false ? { result: severalAuthors ? ('permerror' as const) : ('none' as const), domain: '', policy: '' } : { result: known(response.status.result), domain: author, policy: response.policy ?? '' }
  return judged({ spf, dkim: dkim.map(({ status, signingDomain }) => ({ result: ofSignature(status), domain: (signingDomain ?? '').toLowerCase() })), dmarc, by: 'checked' }, author)
}

/** By the return path of what the mail server noted, or by the SMTP session; without an address there is nothing to check. */
async function checkSpf(headers: readonly HeaderField[], session: SmtpSession | null, lookUp: LookUp): Promise<MailAuthentication['spf']> {
  const returnPath = headers.find(({ name }) => name === 'return-path')?.value
  const client = session === null ? handedOverBy(headers) : { address: session.clientAddress.replace(/^::ffff:(?=[\d.]+$)/i, ''), helo: session.helo }
  const sender = (session?.mailFrom ?? returnPath ?? '').replace(/[<>\s]/g, '').slice(0, 320)
  if (client === null || (session === null && returnPath === undefined)) return { result: 'none', domain: '' }
  const { status, domain } = await spfLibrary.spf({ sender, ip: client.address, helo: client.helo, mta: 'localhost', resolver: lookUp })
  return { result: known(status.result), domain: String(domain || domainOf(sender) || client.helo).toLowerCase() }
}

function judged(found: Omit<MailAuthentication, 'verdict'>, author: string): MailAuthentication {
  const aligned = (one: { result: AuthenticationResult; domain: string }): JudgedResult => ({ ...one, aligned: sameOrganization(author, one.domain) })
  const verdict = judgeAuthentication({ spf: aligned(found.spf), dkim: found.dkim.map(aligned), dmarc: found.dmarc })
  return { verdict, ...found, dmarc: verdict === 'unknown' && found.dmarc.result === 'fail' ? { ...found.dmarc, result: 'temperror' } : found.dmarc }
}

/** What is said where there was no time left, or the library failed. */
export const unanswered = (author: string): MailAuthentication => ({ verdict: 'unknown', spf: { result: 'temperror', domain: '' }, dkim: [], dmarc: { result: 'temperror', domain: author, policy: '' }, by: 'checked' })

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
const results: readonly string[] = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'] satisfies AuthenticationResult[]
const known = (result: string): AuthenticationResult => (results.includes(result) ? (result as AuthenticationResult) : 'neutral')
// RFC 6376 6.1.3: a body that is not what was signed is a failure; the library calls it neutral.
const ofSignature = ({ result, comment }: { result: string; comment?: string | false }): AuthenticationResult => (result === 'neutral' && comment === 'body hash did not verify' ? 'fail' : known(result))
