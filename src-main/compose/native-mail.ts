import { randomInt, randomUUID } from 'node:crypto'
import { nativeMailTable } from '../database/native-mail-table.ts'
import { systemClock } from '../fetching/clock.ts'
import { sendProbe } from '../native-mail/send-probe.ts'
import { startSmtpReceiver } from '../native-mail/smtp-receiver.ts'
import { createNativeMail, type NativeMail, type NativeMailNeeds } from '../receiving/create-native-mail.ts'

type Given = 'database' | 'tables' | 'bell' | 'tell' | 'sources' | 'intake' | 'commit' | 'works' | 'announce' | 'subscribe' | 'reportUnexpected' | 'saveSettings' | 'stopFetching' | 'sendNotice'

/** Native mail over the real receiver, clock and chance. */
export const composeNativeMail = (given: Pick<NativeMailNeeds, Given>): NativeMail =>
  createNativeMail({ ...given, table: nativeMailTable, startReceiver: startSmtpReceiver, sendProbe, clock: systemClock, newId: randomUUID, chance: () => randomInt(2 ** 32) / 2 ** 32 })
