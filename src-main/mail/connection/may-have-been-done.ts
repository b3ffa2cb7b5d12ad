const wentOutWhole = new WeakSet<object>()

/** Notes of an error that the request behind it, which must not be done twice, had gone out whole when the connection failed. */
export function noteWentOutWhole(error: Error): void {
  wentOutWhole.add(error)
}

/** Whether such an error, or what it was made from, means that the request may have been done all the same: all of it went out, and no answer came. */
export function mayHaveBeenDone(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) if (wentOutWhole.has(one)) return true
  return false
}
