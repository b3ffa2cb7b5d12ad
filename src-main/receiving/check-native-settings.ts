import type { NativeMailSettings } from '#contract/native-mail.ts'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import { nearestName } from '#contract/nearest-name.ts'

/** Throws ProblemError `invalid-input` at the fields (below `settings`) with which mail could not be received. */
export function checkNativeSettings(wanted: NativeMailSettings, { partitions, settings }: { partitions: readonly Partition[]; settings: Settings }): void {
  const issues: InputIssue[] = []
  const add = (path: string, message: string): void => void issues.push({ path: `settings.${path}`, message })
  if (wanted.host === null) add('host', 'Enter the name under which mail servers reach this computer.')
  if (wanted.listen.trim() === '') add('listen', 'Enter the address to listen at; 0.0.0.0 is every one.')
  if (wanted.certFile !== null && wanted.keyFile === null) add('keyFile', 'A certificate needs its key: name the PEM file of the key.')
  if (wanted.keyFile !== null && wanted.certFile === null) add('certFile', 'A key needs its certificate: name the PEM file of the certificate.')
  const known = (path: string, what: string, name: string | null, names: readonly string[]): void => {
    if (name === null || names.includes(name)) return
    const nearest = nearestName(name, names)
    add(path, `There is no ${what} \`${name}\`${nearest === null ? '.' : ` — did you mean \`${nearest}\`?`}`)
  }
  known('partition', 'partition', wanted.partition, partitions.map(({ name }) => name))
  known('template', 'request template', wanted.template, settings.requestTemplates.map(({ name }) => name))
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
}
