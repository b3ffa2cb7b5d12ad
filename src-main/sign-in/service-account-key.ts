import { createPrivateKey, type KeyObject } from 'node:crypto'
import { ProblemError } from '#contract/problem.ts'
import { jsonIn } from './heard-answer.ts'

export type ServiceAccountKey = { account: string; privateKey: KeyObject; keyId: string | null }

/**
 * The key in a secret, which is the JSON file that Google gave or the private key of it as PEM. Throws ProblemError `key-file-unusable`.
 * https://cloud.google.com/iam/docs/keys-create-delete
 */
export function serviceAccountKeyIn(server: string, secret: string, account: string): ServiceAccountKey {
  const refuse = (reason: string, cause?: unknown): ProblemError => new ProblemError({ code: 'key-file-unusable', server, reason }, { cause })
  const file = secret.trim().startsWith('{') ? jsonIn(Buffer.from(secret)) : { private_key: secret }
  if (file === null) throw refuse('it is no JSON')
  if ('installed' in file || 'web' in file) throw refuse('it is the file of an OAuth client, not of a service account')
  const { private_key: pem, client_email: email, private_key_id: keyId } = file
  if (typeof pem !== 'string' || !pem.includes('-----BEGIN')) throw refuse(secret.trim().startsWith('{') ? 'it has no private_key' : 'it is neither a JSON key file nor a PEM')
  if (pem.includes('ENCRYPTED')) throw refuse('the private key is encrypted. Store it without a passphrase; the credential store encrypts it')
  if (typeof email === 'string' && email.toLowerCase() !== account.toLowerCase()) throw refuse(`it belongs to ${email}, not to ${account}`)
  const privateKey = keyIn(pem, (error) => refuse('the private key cannot be read', error))
  if (privateKey.asymmetricKeyType !== 'rsa') throw refuse('the private key is no RSA key')
  return { account, privateKey, keyId: typeof keyId === 'string' && keyId !== '' ? keyId : null }
}

function keyIn(pem: string, refuse: (error: unknown) => ProblemError): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (error) {
    throw refuse(error)
  }
}
