import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createSecureContext } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'

/** PEM files with which the host speaks HTTPS. */
export type HostTls = { certFile: string; keyFile: string }

const limits = { requestTimeout: 120_000, headersTimeout: 20_000, maxHeaderSize: 16_384 }

/** The server behind the browser console: HTTPS where files are given, else HTTP. Throws ProblemError `invalid-input` with what is wrong with a file. */
export async function createWebServer(tls: HostTls | null, answer: RequestListener): Promise<Server> {
  if (tls === null) return createServer(limits, answer)
  const cert = await bytesOf(tls.certFile, 'tls-cert')
  const key = await bytesOf(tls.keyFile, 'tls-key')
  check(cert, key)
  return createTlsServer({ ...limits, cert, key, minVersion: 'TLSv1.2' }, answer)
}

function check(cert: Buffer, key: Buffer): void {
  try {
    new X509Certificate(cert)
  } catch (error) {
    throw unusable('tls-cert', 'The file holds no PEM certificate.', error)
  }
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw unusable('tls-key', 'The file holds no PEM key that belongs to the certificate and needs no passphrase.', error)
  }
}

const bytesOf = (file: string, path: string): Promise<Buffer> =>
  readFile(file).catch((error: unknown) => {
    throw unusable(path, `The file ${file} cannot be read.`, error)
  })
const unusable = (path: string, message: string, cause: unknown): ProblemError => new ProblemError({ code: 'invalid-input', issues: [{ path, message }] }, { cause })
