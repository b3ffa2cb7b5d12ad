import type { Auth, TlsSettings } from '#contract/fields.ts'

type Tidied = {
  endpoint?: string | undefined; mailbox?: string | undefined; forbiddenMailbox?: string | undefined; auth: Auth; tls: TlsSettings; proxySecret?: string | undefined
}

/** The server with its optional keys left out where nothing is in them, as an empty field of a form has it. */
export const tidyServer = <Server extends Tidied>(server: Server): Server => {
  const tidied: Server = { ...server, auth: withoutEmpty(server.auth, ['user']), tls: withoutEmpty(server.tls, []) }
  for (const key of ['endpoint', 'mailbox', 'forbiddenMailbox', 'proxySecret'] as const) if (isEmpty(tidied[key])) delete tidied[key]
  return tidied
}

const withoutEmpty = <Group extends object>(group: Group, but: readonly string[]): Group =>
  Object.fromEntries(Object.entries(group).filter(([key, value]) => but.includes(key) || !isEmpty(value))) as Group

const isEmpty = (value: unknown): boolean => value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
