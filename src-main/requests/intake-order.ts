import type { MailSource } from '#contract/incoming-server.ts'
import type { IntakeOrder } from '../intake/intake.ts'

/** What has to be found out about mail of this source while it is taken in. */
export const intakeOrder = (source: MailSource | null): IntakeOrder =>
  ({ authenticate: source === null || source.authentication.policy === 'ignore' ? null : { trustedServers: source.authentication.trustedServers } })
