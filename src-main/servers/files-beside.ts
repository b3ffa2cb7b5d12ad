import type { TlsSettings } from '#contract/fields.ts'
import type { InputIssue } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import { besideFile, type SecretOrigins } from './import-secrets.ts'
import type { ImportPlan } from './plan-import.ts'

/** The plan with paths that are relative to the configuration file made absolute, where it is known where that lies. */
export const withFilesBeside = (plan: ImportPlan, configurationFile: string): ImportPlan => {
  const place = (file: string): string => besideFile(file, configurationFile)
  const beside = <Planned extends { server: { tls: TlsSettings } }>(planned: Planned): Planned => {
    const { caFile, clientCertFile, clientKeyFile } = planned.server.tls
    const files = { ...(clientCertFile === undefined ? {} : { clientCertFile: place(clientCertFile) }), ...(clientKeyFile === undefined ? {} : { clientKeyFile: place(clientKeyFile) }) }
    return { ...planned, server: { ...planned.server, tls: { ...planned.server.tls, caFile: caFile === null ? null : place(caFile), ...files } } }
  }
  const orNone = (file: string | null): string | null => (file === null ? null : place(file))
  const { nativeMail, handOver } = plan.settings
  const settings = {
    ...plan.settings,
    handOver: handOver.map((target) => ({ ...target, caFile: orNone(target.caFile) })),
    nativeMail: { ...nativeMail, certFile: orNone(nativeMail.certFile), keyFile: orNone(nativeMail.keyFile) }
  }
  return { ...plan, settings, incoming: plan.incoming.map(beside), outgoing: plan.outgoing.map(beside) }
}

/** A warning for each certificate or key file that cannot be read here and now. */
export const missingFiles = async ({ readTextFile }: Pick<SecretOrigins, 'readTextFile'>, plan: ImportPlan): Promise<InputIssue[]> => {
  const readable = new Map<string, Promise<boolean>>()
  const isReadable = (file: string): Promise<boolean> => {
    const known = readable.get(file) ?? readTextFile(file).then(() => true, () => false)
    readable.set(file, known)
    return known
  }
  const warnings: InputIssue[] = []
  for (const { path, server } of [...plan.incoming, ...plan.outgoing])
    for (const key of ['caFile', 'clientCertFile', 'clientKeyFile'] as const) {
      const file = server.tls[key]
      if (file !== null && file !== undefined && !(await isReadable(file))) warnings.push({ path: `${path}.tls.${key}`, message: 'This file cannot be read now. Put it there before the server is used.' })
    }
  for (const [path, file] of settingsFiles(plan.settings)) if (!(await isReadable(file))) warnings.push({ path, message: 'This file cannot be read now. Put it there before it is used.' })
  return warnings
}

/** Files that settings name, with where they do. */
const settingsFiles = ({ handOver, nativeMail: { certFile, keyFile } }: Settings): [path: string, file: string][] => {
  const named: [string, string | null][] = [...handOver.map(({ caFile }, index): [string, string | null] => [`handOver[${index}].caFile`, caFile]), ['nativeMail.certFile', certFile], ['nativeMail.keyFile', keyFile]]
  return named.filter((one): one is [string, string] => one[1] !== null)
}
