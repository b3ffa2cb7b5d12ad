import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { ProblemError, type Problem } from '#contract/problem.ts'

export type CertificateFiles = { certFile: string; keyFile: string }
export type CertificatePair = { cert: Buffer; key: Buffer }

/** Reads a certificate and its key (PEM). Throws ProblemError `native-mail-certificate-unusable` with the file that is at fault. */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<CertificatePair> {
  const [cert, key] = [await bytesOf(certFile), await bytesOf(keyFile)]
  try {
    new X509Certificate(cert)
  } catch (error) {
    throw unusable(certFile, 'it holds no PEM certificate.', error)
  }
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw unusable(keyFile, reasonOf(error), error)
  }
  return { cert, key }
}

/**
 * Looks whether the files were replaced (renewed certificates; also by another link), at most every `everyMs`. `renewed` is called with a
 * new pair that can be used; one that cannot is told of once and the old one stays in use.
 */
export function watchCertificate(files: CertificateFiles, { renewed, problem, now = Date.now, everyMs = 2_000 }: { renewed: (pair: CertificatePair) => void; problem: (problem: Problem | null) => void; now?: () => number; everyMs?: number }): { look(): Promise<void> } {
  let lookedAt = now()
  let known = markOf(files)
  return {
    async look() {
      if (now() - lookedAt < everyMs) return
      lookedAt = now()
      const [before, mark] = [await known, await markOf(files)]
      if (before === mark) return
      known = Promise.resolve(mark)
      try {
        renewed(await readCertificate(files))
        problem(null)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        problem(error.problem)
      }
    }
  }
}

async function markOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const marks = await Promise.all([certFile, keyFile].map((file) => stat(file).then(({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`, () => 'not there')))
  return marks.join('\n')
}

const bytesOf = (file: string): Promise<Buffer> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, error.code === 'ENOENT' ? 'the file is not there.' : error.code === 'EACCES' ? 'it may not be read.' : `it cannot be read (${error.code ?? 'unknown reason'}).`, error)
  })

const unusable = (file: string, reason: string, cause: unknown): ProblemError => new ProblemError({ code: 'native-mail-certificate-unusable', file, reason }, { cause })

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'the key does not belong to the certificate.'
  if (/INTERRUPTED_OR_CANCELLED|BAD_DECRYPT|BAD_PASSWORD|MISSING_PASSPHRASE/.test(code)) return 'the key is protected by a passphrase.'
  return 'it holds no PEM key that belongs to the certificate.'
}
