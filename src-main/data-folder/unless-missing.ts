/** What counts where a file or folder is not there, for `catch`; every other failure goes on. */
export const unlessMissing = <Value>(value: Value) => (error: unknown): Value => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value
  throw error
}
