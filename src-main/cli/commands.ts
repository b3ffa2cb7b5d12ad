import type { Command } from './command.ts'

/** The groups of commands; each is loaded only when it is asked for. */
export const groups: Readonly<Record<string, () => Promise<readonly Command[]>>> = {
  demo: async () => (await import('./commands/demo.ts')).demo,
  serve: async () => (await import('./commands/serve.ts')).serve,
  status: async () => (await import('./commands/status.ts')).status,
  config: async () => (await import('./commands/config.ts')).config,
  backup: async () => (await import('./commands/backup.ts')).backup,
  secret: async () => (await import('./commands/secret.ts')).secret,
  incoming: async () => (await import('./commands/incoming.ts')).incoming,
  outgoing: async () => (await import('./commands/outgoing.ts')).outgoing,
  setup: async () => (await import('./commands/setup.ts')).setup,
  expiries: async () => (await import('./commands/expiries.ts')).expiries,
  process: async () => (await import('./commands/process.ts')).process,
  people: async () => (await import('./commands/people.ts')).people,
  requests: async () => (await import('./commands/requests.ts')).requests,
  errors: async () => (await import('./commands/errors.ts')).errors,
  ledger: async () => (await import('./commands/ledger.ts')).ledger,
  storage: async () => (await import('./commands/storage.ts')).storage,
  template: async () => (await import('./commands/template.ts')).template,
  outbox: async () => (await import('./commands/outbox.ts')).outbox,
  senders: async () => (await import('./commands/senders.ts')).senders,
  metrics: async () => (await import('./commands/metrics.ts')).metrics,
  'native-mail': async () => (await import('./commands/native-mail.ts')).nativeMail,
  'hand-over': async () => (await import('./commands/hand-over.ts')).handOver,
  history: async () => (await import('./commands/history.ts')).history,
  access: async () => (await import('./commands/access.ts')).access
}

/** Every command of every group, for the help. */
export const allCommands = async (): Promise<readonly Command[]> => (await Promise.all(Object.values(groups).map((load) => load()))).flat()
