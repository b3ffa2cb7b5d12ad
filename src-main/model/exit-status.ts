import type { ProblemCode } from '#contract/problem.ts'

/** 0 good · 1 done, and the answer is bad · 2 the request is wrong, nothing was changed · 3 the other side could not be reached · 4 the data folder is in use or damaged. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4

/** The exit status of a command that ended in a problem. */
export function exitStatusOf(code: ProblemCode): ExitStatus {
  if (unreachable.has(code)) return 3
  if (dataFolder.has(code)) return 4
  return wrongRequest.has(code) ? 2 : 1
}

/** The status of several answers together: the gravest one. */
export const worstOf = (statuses: readonly ExitStatus[]): ExitStatus => statuses.reduce<ExitStatus>((worst, status) => (status > worst ? status : worst), 0)

const unreachable: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'host-not-found', 'connection-refused', 'host-unreachable', 'connection-timed-out', 'server-silent', 'connection-dropped', 'server-busy', 'proxy-failed', 'not-a-proxy', 'proxy-asks-for-credentials', 'authority-unusable', 'delayed-by-provider', 'round-too-slow', 'main-process-gone', 'hand-over-unreachable'
])
const dataFolder: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['data-folder-in-use', 'data-folder-damaged', 'data-folder-newer', 'data-folder-unwritable', 'data-key-missing', 'disk-full'])
const wrongRequest: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'invalid-input', 'invalid-configuration', 'not-found', 'name-taken', 'in-use', 'server-is-running', 'server-is-draft', 'server-has-no-folders', 'nothing-to-replay', 'already-running', 'not-allowed',
  'file-not-found', 'file-unreadable', 'file-exists', 'folder-not-empty', 'backup-damaged', 'backup-newer', 'no-outgoing-server', 'outgoing-blocked', 'vault-locked', 'wrong-passphrase', 'keychain-unavailable',
  'hand-over-secret-missing', 'native-mail-cannot-listen', 'native-mail-certificate-unusable'
])
