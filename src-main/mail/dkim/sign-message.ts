import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { asciiDomain } from '../../model/usable-address.ts'
import { readDkimKey } from './read-dkim-key.ts'

/** A message with its DKIM-Signature before it; the message as it is where the server has no DKIM. Throws ProblemError `dkim-key-unusable`. */
export type SignMessage = (server: OutgoingServer, raw: Buffer) => Promise<Buffer>

/**
 * Signs by mailauth (RFC 6376, RFC 8301, RFC 8463): relaxed/relaxed, SHA-256. `keyOf` gives the private key of a server, null where none is stored.
 */
export const createSignMessage = ({ keyOf }: { keyOf: (server: string) => Promise<string | null> }): SignMessage => {
  const checked = new Map<string, string>()
  /** A key is looked into once, not for each mail. */
  const usableKey = async (server: string): Promise<string> => {
    const pem = await keyOf(server)
    if (pem === null) throw unusable(server, 'none is stored')
    if (checked.get(server) === pem) return pem
    const read = readDkimKey(pem)
    if ('reason' in read) throw unusable(server, read.reason)
    checked.set(server, pem)
    return pem
  }
  return async ({ name, dkim }, raw) => {
    if (dkim === null) return raw
    const privateKey = await usableKey(name)
    const { signatures, errors } = await dkimSign(raw.length > atOnce ? Readable.from(inPieces(raw)) : raw, { signingDomain: asciiDomain(dkim.domain) ?? dkim.domain, selector: dkim.selector, privateKey, canonicalization: 'relaxed/relaxed', headerList: signedFields, signatureData: [{ signingDomain: asciiDomain(dkim.domain) ?? dkim.domain, selector: dkim.selector, privateKey }] })
    if (signatures === '') throw unusable(name, errors[0]?.err.message ?? 'nothing was signed')
    return Buffer.concat([Buffer.from(signatures, 'latin1'), raw])
  }
}

/** Bytes that are hashed at once; a large message holds nothing else up. */
const atOnce = 262_144
async function* inPieces(raw: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < raw.length; from += atOnce) {
    yield raw.subarray(from, from + atOnce)
    await nextTurn()
  }
}

/** RFC 6376 5.4.1, and what else says how the mail is to be taken. */
const signedFields = ['From', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'Cc', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'In-Reply-To', 'References', 'Auto-Submitted']

const unusable = (server: string, reason: string): ProblemError => new ProblemError({ code: 'dkim-key-unusable', server, reason })
