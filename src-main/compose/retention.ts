import { packFiles } from '../content/pack-files.ts'
import { diskRoomOf } from '../data-folder/disk-room.ts'
import type { DataFolder } from '../data-folder/open-data-folder.ts'
import { mailTables } from '../database/mail-tables.ts'
import { retentionTable } from '../database/retention-table.ts'
import { systemClock } from '../fetching/clock.ts'
import { createClearing } from '../intake/create-clearing.ts'
import { forgetLines } from '../log/forget-lines.ts'
import { createRetention, type Retention } from '../retention/create-retention.ts'
import type { RetentionNeeds } from '../retention/retention-needs.ts'

type Given = Pick<RetentionNeeds, 'database' | 'content' | 'intake' | 'records' | 'settings' | 'partitions' | 'sources' | 'works' | 'announce' | 'logWarning' | 'reportUnexpected'> & { folder: DataFolder; dataKey: Buffer }

/** Retention over the files of a data folder. */
export const composeRetention = ({ folder, dataKey, ...given }: Given): Retention =>
  createRetention({
    ...given, folder: folder.path, diskRoom: () => diskRoomOf(folder.path), tables: { ...mailTables, retention: retentionTable }, packs: packFiles(folder.contentFolder), clock: systemClock,
    clearing: createClearing({ contentFolder: folder.contentFolder, dataKey }), forgetLog: (before) => forgetLines(folder.logFolder, before)
  })
