import { randomUUID } from 'node:crypto'
import { openContentStore } from '../content/open-content-store.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import { openDatabase } from '../database/open-database.ts'
import { systemClock } from '../fetching/clock.ts'
import { createIntake } from '../intake/create-intake.ts'
import { createProviderThrottle } from '../mail/connection/provider-throttle.ts'
import { createBell } from '../notices/bell.ts'
import { createServerSources } from '../servers/configured-servers.ts'
import { createPushDesk } from '../web/push-desk.ts'
import { createDownloads } from '../work/downloads.ts'
import { createWorks } from '../work/works.ts'
import type { CoreNeeds } from './core-needs.ts'
import { anchoredDatabase } from './history.ts'
import { namedDnsServers } from './setup.ts'
import { composeSignIn } from './sign-in.ts'

/** What everything else stands on. `refused` hears of sign-ins that were refused. Throws ProblemError `data-folder-damaged`, `data-folder-newer`, `disk-full`. */
export async function composeGround(needs: CoreNeeds, refused: Parameters<typeof composeSignIn>[2]) {
  const { folder, credentials, dataKey, log, announce } = needs
  const now = (): Date => new Date()
  const { database, anchor } = anchoredDatabase({ database: await openDatabase({ folder: folder.databaseFolder, dataKey, log }), credentials, announce, logWarning: log.warning })
  const content = openContentStore({ folder: folder.contentFolder, dataKey })
  const intake = createIntake({ contentFolder: folder.contentFolder, dataKey, dnsServers: namedDnsServers(needs.env) })

  const stored = { database, tables: mailTables }
  const bell = createBell({ ...stored, announce, now: Date.now })
  const signIn = composeSignIn(credentials, now, refused)
  const configuring = { database, tables: configurationTables, credentials, signIn, now, announce }
  const sources = createServerSources({ ...configuring, subscribe: needs.subscribe })
  const { settings } = sources
  const announcements = createPushDesk({ publicUrl: async () => (await settings()).fetching.publicUrl, newId: randomUUID })
  const throttle = createProviderThrottle(systemClock)
  const works = createWorks()
  const downloads = createDownloads({ works, newId: randomUUID, clock: systemClock })
  return { now, database, anchor, content, intake, stored, bell, signIn, configuring, sources, settings, announcements, throttle, works, downloads }
}
export type Ground = Awaited<ReturnType<typeof composeGround>>
