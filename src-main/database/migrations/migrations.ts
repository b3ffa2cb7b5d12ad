import { firstVersion } from './0001-first-version.ts'
import { cursorsAndExpiries } from './0002-cursors-and-expiries.ts'
import { requestsAndPeople } from './0003-requests-and-people.ts'
import { whenSomethingGoesWrong } from './0004-when-something-goes-wrong.ts'
import { mailGoesOut } from './0005-mail-goes-out.ts'
import { longTextsOnce } from './0006-long-texts-once.ts'

/** Every version of the schema in order; the first brings an empty database to version 1. A published one never changes. */
export const migrations: readonly (readonly string[])[] = [firstVersion, cursorsAndExpiries, requestsAndPeople, whenSomethingGoesWrong, mailGoesOut, longTextsOnce]
