import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'

/** A new server with all that another has but its name and its secrets, which come from the credential store. */
export const copyOfServer = ({ proxySecret: _, ...server }: OutgoingServerDraft): OutgoingServerDraft => ({
  ...server, name: '', auth: { ...server.auth, secret: 'keychain' }, dkim: server.dkim && { ...server.dkim, secret: 'keychain' }
})
