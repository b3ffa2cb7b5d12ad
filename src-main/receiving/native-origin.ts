import type { MailSource } from '#contract/incoming-server.ts'
import type { NativeMailSettings } from '#contract/native-mail.ts'
import type { Partition } from '#contract/settings.ts'
import { supportAddressOf } from '../model/native-recipient.ts'
import type { Origin } from '../requests/message-fate.ts'

/** What stands in the place of a server's id for mail that came by SMTP; no server gets that far. */
export const nativeServerId = 1_000_000_000
export const nativeMailName = 'Native mail'

/** Where mail that came by SMTP comes from, as far as processing has to know. */
export const nativeOrigin = (settings: NativeMailSettings, partitions: readonly Partition[]): Origin =>
  ({ serverId: nativeServerId, sharedWith: [], server: nativeSource(settings, partitions), isMailbox: false, identity: 'native', errorsAreMoved: false })

function nativeSource(settings: NativeMailSettings, partitions: readonly Partition[]): MailSource {
  const support = supportAddressOf(settings)
  return {
    name: nativeMailName,
    partition: settings.partition ?? partitions.find((one) => one.default)?.name ?? partitions[0]?.name ?? '',
    // RCPT TO was for one of these already: a blind copy does not name them.
    addresses: [...(support === null ? [] : [support]), ...settings.addresses], otherRecipients: 'take',
    keepOriginal: false, newRequests: { allowed: true, except: [] }, errorFolder: { enabled: false, name: '', stopAfter: null, notify: true },
    template: settings.template, useLinkedAnalyst: false, defaultLoggingAnalyst: null,
    authentication: { policy: settings.authentication, trustedServers: [] }, forwarders: settings.forwarders, auth: { user: '' }
  }
}
