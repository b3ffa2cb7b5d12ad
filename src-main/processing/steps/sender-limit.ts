import type { Step } from '../step.ts'

/** Mail of one sender beyond what the settings allow within an hour is not taken: it is dropped or goes to the error folder. */
export const senderLimit: Step = ({ settings, recent }, { sender }) => {
  const { mailsPerHour, then } = settings.processing.senderLimit
  if (mailsPerHour === null) return { outcome: 'pass', detail: 'There is no limit for mail of one sender.' }
  const before = recent.mailsFrom(sender.address)
  if (before < mailsPerHour) return { outcome: 'pass', detail: `${sender.address} sent ${before === 1 ? '1 other mail' : `${before} other mails`} within the last hour; ${mailsPerHour} are allowed.` }
  const detail = `${sender.address} sent ${before} mails within the last hour, and ${mailsPerHour} are allowed.`
  return then === 'drop' ? { outcome: 'dropped', detail } : { outcome: 'error', detail, problem: { code: 'sender-limit-reached', sender: sender.address, limit: mailsPerHour } }
}
