import { ProblemError } from '#contract/problem.ts'

/** Ends this browser's session on the host and shows what the host says to somebody who is not signed in. Throws ProblemError `main-process-gone`. */
export const signOut = async (): Promise<void> => {
  const answered = await fetch('/sign-out', { method: 'POST' }).catch(() => null)
  // 401: the session was over already.
  if (answered === null || (!answered.ok && answered.status !== 401)) throw new ProblemError({ code: 'main-process-gone' })
  location.reload()
}
