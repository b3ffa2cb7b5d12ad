import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ProblemError } from '#contract/problem.ts'
import type { Destination } from './destination.ts'

/** Certificate chain and key as PEM texts; `key` is without passphrase and stays in memory. */
export type ClientCertificate = { cert: string; key: string }

/**
 * The client certificate of the destination's TLS settings; null where none is set. Throws ProblemError `client-certificate-unusable` for a
 * file that is missing, no PEM, protected by another passphrase, or a key of another certificate.
 */
export async function clientCertificate({ tls, clientKeyPassphrase }: Pick<Destination, 'tls' | 'clientKeyPassphrase'>): Promise<ClientCertificate | null> {
  const { clientCertFile, clientKeyFile } = tls
  if (!clientCertFile || !clientKeyFile) return null
  const [cert, protectedKey] = [await pemIn(clientCertFile), await pemIn(clientKeyFile)]
  const first = leafIn(cert, clientCertFile)
  const key = keyIn(protectedKey, clientKeyFile, clientKeyPassphrase)
  if (!first.checkPrivateKey(key)) throw unusable(clientKeyFile, 'The key belongs to another certificate.')
  return { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function unusable(file: string, reason: string, cause?: unknown): ProblemError {
  return new ProblemError({ code: 'client-certificate-unusable', file, reason }, { cause })
}

async function pemIn(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, error.code === 'ENOENT' ? 'There is no such file.' : error.code === 'EACCES' ? 'The file may not be read.' : `The file cannot be read (${error.code ?? 'unknown'}).`, error)
  })
  const text = bytes.toString('latin1')
  if (text.includes('-----BEGIN ')) return text
  // DER, PKCS #12 included, begins with a SEQUENCE (X.690 8.9).
  throw unusable(file, bytes[0] === 0x30 ? 'It is in a binary form such as PKCS #12 (.pfx, .p12); PEM text is needed.' : 'It is no PEM text (-----BEGIN …-----).')
}

function leafIn(text: string, file: string): X509Certificate {
  const found = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/.exec(text)
  if (!found) throw unusable(file, 'It holds no certificate (-----BEGIN CERTIFICATE-----).')
  try {
    return new X509Certificate(found[0])
  } catch (error) {
    throw unusable(file, 'The certificate in it is damaged.', error)
  }
}

function keyIn(text: string, file: string, passphrase: string | null): KeyObject {
  const found = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )*PRIVATE KEY-----/.exec(text)
  if (!found) throw unusable(file, 'It holds no private key (-----BEGIN PRIVATE KEY-----).')
  const isProtected = /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(found[0])
  if (isProtected && passphrase === null) throw unusable(file, 'The key is protected by a passphrase, and none is stored.')
  try {
    return createPrivateKey({ key: found[0], ...(isProtected && passphrase !== null ? { passphrase } : {}) })
  } catch (error) {
    throw unusable(file, isProtected ? 'The passphrase does not fit the key.' : 'The key in it is damaged.', error)
  }
}
