import type { TestStep, TestStepName } from '#contract/connection-test.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import type { Health } from './fail-over.ts'
import { isSignInTrouble } from './may-use-alternate.ts'

/** What shows that mail could go out; where it was not come to, nothing is proved. A server without sign-in has shown all once it says what it can do. */
const provenBy = ({ protocol, auth }: OutgoingServer): readonly TestStepName[] => (protocol !== 'smtp' ? ['endpoint', 'mailbox'] : auth.method === 'none' ? ['capabilities'] : ['sign-in'])

/** What the steps of a connection test say of a server: well only if none failed and the sign-in was come to. */
export const healthOf = (server: OutgoingServer, steps: readonly TestStep[]): Health => ({
  healthy: !steps.some(({ outcome }) => outcome === 'failed') && steps.some(({ step, outcome }) => outcome !== 'failed' && provenBy(server).includes(step)),
  signInTrouble: steps.some(({ problem }) => problem !== null && isSignInTrouble(problem))
})
