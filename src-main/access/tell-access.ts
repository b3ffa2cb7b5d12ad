import type { Notify } from '../notices/notify.ts'

/** Tells that who may change things is different now. A bell that cannot be rung undoes nothing. */
export const tellAccess = async ({ notify, reportUnexpected }: { notify: Notify; reportUnexpected: (thrown: unknown, during: string) => unknown }, text: string): Promise<void> => {
  await notify.ring({ kind: 'access-changed', server: 'Mailroom', text, problem: null }).catch((thrown: unknown) => void reportUnexpected(thrown, 'telling that access was changed'))
}
