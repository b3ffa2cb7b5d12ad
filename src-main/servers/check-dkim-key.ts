import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import { accountOf } from './server-secrets.ts'

/** Why mail cannot be signed with a key (PEM), in words without anything of it; null where it can. */
export type FaultOfDkimKey = (pem: string) => string | null

/** Throws ProblemError `invalid-input` at `dkimKey` where a server is to sign and there is no key that can, typed or stored. `was` is the name under which one is stored. */
export const checkDkimKey = async (needs: { credentials: Pick<CredentialStore, 'get'>; faultOfDkimKey: FaultOfDkimKey }, { was, server, dkimKey, draft }: { was: string | null; server: OutgoingServerDraft; dkimKey: string | null; draft: boolean }): Promise<void> => {
  if (dkimKey !== null) {
    const fault = needs.faultOfDkimKey(dkimKey)
    if (fault !== null) refuse(`Mail cannot be signed with this key: ${fault}.`)
  } else if (!draft && server.dkim !== null && (await needs.credentials.get(accountOf(was ?? server.name, 'dkim'))) === null) refuse('Paste the private key, or choose its file: mail cannot be signed without it.')
}

const refuse = (message: string): never => {
  throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'dkimKey', message }] })
}
