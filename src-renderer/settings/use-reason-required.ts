import { useCall } from '../main-process/use-call.ts'

/** Whether this console asks for the reason of each change. */
export const useReasonRequired = (): boolean => useCall('settings.get', {}, { refreshOn: ['settings-changed'] }).value?.history.reasonRequired ?? false
