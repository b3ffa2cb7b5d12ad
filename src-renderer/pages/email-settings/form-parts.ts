import type { Auth, TlsSettings } from '#contract/fields.ts'
import type { ProtocolRow, Security } from '#contract/protocols.ts'

/** What incoming and outgoing servers have in common. */
export type Connected = {
  host: string; port: number; security: Security; endpoint?: string | undefined; mailbox?: string | undefined; forbiddenMailbox?: string | undefined
  auth: Auth; tls: TlsSettings; proxy: string | null; debug: boolean
}
/** Secrets as typed; empty keeps what is stored. */
export type Secrets = { secret: string; proxySecret: string; clientKeySecret: string; /** Of outgoing servers alone. */ dkimKey: string }
export const noSecrets: Secrets = { secret: '', proxySecret: '', clientKeySecret: '', dkimKey: '' }
export type StoredSecrets = { hasSecret: boolean; hasProxySecret: boolean; hasClientKeySecret: boolean; hasDkimKey?: boolean }
export const nothingStored: StoredSecrets = { hasSecret: false, hasProxySecret: false, hasClientKeySecret: false }

/** Stands for a name that is still to be typed, where something else about the server is asked. */
export const unnamed = 'new server'

export type PartNeeds = { server: Connected; change: (part: Partial<Connected>) => void; errors: Record<string, string>; disabled: boolean; protocol: ProtocolRow }
export type SecretNeeds = { stored: StoredSecrets; secrets: Secrets; setSecrets: (part: Partial<Secrets>) => void }

/** `whole` with the named fields set; one that is empty is left out, as the contract wants it of what may be missing. */
export const withFields = <Whole extends object>(whole: Whole, part: { [Key in keyof Whole]?: Whole[Key] | undefined }): Whole => {
  const next = { ...whole, ...part }
  for (const key of Object.keys(part) as (keyof Whole)[]) if (part[key] === undefined || (part[key] as unknown) === '') delete next[key]
  return next
}
