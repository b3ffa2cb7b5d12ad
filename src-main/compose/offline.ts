import type { Settings } from '#contract/settings.ts'
import { ProblemError } from '#contract/problem.ts'
import type { OpenOffline } from '../console.ts'
import { openCredentialStore } from '../credentials/open-credential-store.ts'
import { dataKeyAccount, dataKeyOf } from '../credentials/data-key.ts'
import { openDataFolder, type DataFolder } from '../data-folder/open-data-folder.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import type { Database } from '../database/database.ts'
import { mailTables } from '../database/mail-tables.ts'
import { openDatabase } from '../database/open-database.ts'
import { createDoor } from '../ipc/door.ts'
import { createReportUnexpected, newReference } from '../log/report-problem.ts'
import { namedDnsServers } from './setup.ts'
import { parseForTrial } from './trial.ts'
import { createProcessMessage, type ProcessNeeds } from '../processing/process-message.ts'
import { createRecentTraffic } from '../processing/recent-traffic.ts'
import { lookUpOne } from '../requests/decide-messages.ts'
import { nothingKnown } from '../requests/nothing-known.ts'
import { compareConfiguration, validateConfiguration } from '../servers/configuration-file.ts'
import { storedIncoming } from '../servers/configured-servers.ts'
import { serverNamed } from '../servers/find-named.ts'
import { emptyConfiguration, readConfiguration, type PresentConfiguration } from '../servers/present-configuration.ts'
import { outgoingMailFacts } from '../servers/outgoing-mail-facts.ts'
import { configurationTemplate } from '../servers/print-servers-csv.ts'

/** A console that only looks; see `OpenOffline`. */
export const openOffline: OpenOffline = async (needs) => {
  const opened = needs.dataFolder === null ? null : await openToRead(needs.dataFolder, needs)
  const present = opened === null ? emptyConfiguration() : await readConfiguration(configurationTables, opened.database)
  const tryMessage = createProcessMessage(processNeeds(present, opened?.database ?? null, needs))
  const answer = createDoor({
    log: needs.log, newReference,
    handlers: {
      'configuration.validate': async ({ yaml, kind }) => validateConfiguration(yaml, kind),
      'configuration.diff': async ({ yaml, kind }) => compareConfiguration(yaml, present, kind),
      'configuration.template': async ({ csv }) => ({ text: configurationTemplate(csv) }),
      'processing.try': ({ base64, server }) => tryMessage(Buffer.from(base64, 'base64'), server)
    }
  })
  return { answer, close: async () => opened?.close() }
}

type Opened = { database: Database; close(): Promise<void> }

/** null where there is no data folder, or none that was used. */
async function openToRead(path: string, needs: Parameters<OpenOffline>[0]): Promise<Opened | null> {
  const folder = await openDataFolder(path, { readOnly: true }).catch(noneThere)
  if (folder === null || !(await folder.holdsData())) return null
  const dataKey = await dataKeyToRead(folder, needs)
  const database = await openDatabase({ folder: folder.databaseFolder, dataKey, log: needs.log, readOnly: true })
  return {
    database,
    async close() {
      await database.close()
      await folder.close()
    }
  }
}

const noneThere = (error: unknown): null => {
  if (error instanceof ProblemError && error.problem.code === 'file-not-found') return null
  throw error
}

async function dataKeyToRead(folder: DataFolder, { passphrase, env }: Parameters<OpenOffline>[0]): Promise<Buffer> {
  const credentials = await openCredentialStore({ folder, passphrase, preferKeychain: folder.credentialKind() === 'keychain', env })
  if (credentials.state() === 'vault-locked' || credentials.state() === 'vault-new') throw new ProblemError({ code: 'vault-locked' })
  if ((await credentials.get(dataKeyAccount)) === null) throw new ProblemError({ code: 'data-key-missing', folder: folder.path })
  return dataKeyOf(credentials, folder)
}

function processNeeds(present: PresentConfiguration, database: Database | null, { log, env }: Pick<Parameters<OpenOffline>[0], 'log' | 'env'>): ProcessNeeds {
  const named = (name: string) => serverNamed('incoming server', storedIncoming(present), name)
  return {
    settings: async (): Promise<Settings> => present.settings,
    partitions: async () => present.partitions,
    parse: parseForTrial(namedDnsServers(env)),
    outgoing: async (partition) => outgoingMailFacts(present, partition),
    serverNamed: async (name) => named(name).server,
    lookUp: async (parsed, name) => (database === null ? nothingKnown : lookUpOne({ tables: mailTables, traffic: createRecentTraffic({ now: Date.now }), now: Date.now }, database, name === null ? 0 : named(name).id, present.settings, parsed)),
    reportUnexpected: createReportUnexpected(log)
  }
}
