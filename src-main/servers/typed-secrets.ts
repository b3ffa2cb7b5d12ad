import type { SecretAsked } from '#contract/calls.ts'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { SecretSought, SecretTyped, SecretWanted } from './import-secrets.ts'

/** Throws ProblemError `invalid-input` at every secret that was typed for a server, or a purpose of it, that the file does not have; or twice. */
export const checkTyped = (typed: readonly SecretTyped[], wanted: readonly SecretWanted[]): void => {
  const seen = new Set<string>()
  const issues = typed.flatMap(({ server, purpose }, index): InputIssue[] => {
    const key = JSON.stringify([server, purpose])
    const isTwice = seen.has(key)
    seen.add(key)
    if (isTwice) return [{ path: `secrets.${index}`, message: `The secret of \`${server}\` for ${purpose} is given twice.` }]
    const ofServer = wanted.filter(({ name, purpose: known }) => name === server && (known === 'hand-over') === (purpose === 'hand-over'))
    if (ofServer.length === 0) return [{ path: `secrets.${index}.server`, message: `The file has no ${purpose === 'hand-over' ? 'help desk' : 'server'} \`${server}\` with a secret.` }]
    return ofServer.some(({ purpose: known }) => known === purpose) ? [] : [{ path: `secrets.${index}.purpose`, message: `\`${server}\` has no secret for ${purpose}.` }]
  })
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
}

/** How a secret is shown to whoever is asked for it. */
export const asAsked = ({ wanted: { name, purpose, source }, found, isStored }: SecretSought, methods: ReadonlyMap<string, string>): SecretAsked => ({
  server: name, purpose, source, label: purpose === 'sign-in' ? (labelsByMethod.get(methods.get(name) ?? '') ?? 'password') : labels[purpose],
  state: found !== null ? 'found' : isStored ? 'stored' : 'missing'
})

const labels: Record<Exclude<SecretWanted['purpose'], 'sign-in'>, string> = { proxy: 'password of the proxy', 'client-key': 'passphrase of the client key', dkim: 'private key that mail is signed with (PEM)', 'hand-over': 'secret of the help desk' }
const labelsByMethod: ReadonlyMap<string, string> = new Map([['oauth2', 'client secret'], ['service-account', 'key of the service account']])
