import { authenticateBatch } from '../intake/authenticate-batch.ts'
import { createDns } from '../intake/look-up.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import type { ProcessNeeds } from '../processing/process-message.ts'

// A person waits for the answer; what DNS has not said by then is unknown.
const limits = { messageMs: 1_500, batchMs: 1_500 }

/** Parses one message as the intake does, with the check of its sender where one is asked for. `dnsServers` null: those of this computer. */
export const parseForTrial = (dnsServers: readonly string[] | undefined): ProcessNeeds['parse'] => async (raw, { authenticate }) => {
  const parsed = parseMessage(raw)
  if (authenticate === null) return parsed
  const dns = createDns({ servers: dnsServers ?? null, now: Date.now })
  try {
    const [authentication = null] = await authenticateBatch([raw], [parsed], authenticate, { dns, now: Date.now, limits })
    return { ...parsed, authentication }
  } finally {
    dns.close()
  }
}
