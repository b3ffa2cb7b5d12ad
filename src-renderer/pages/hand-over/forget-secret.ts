import { callMain } from '../../main-process/call-main.ts'

/** Deletes the secret of a help desk that is gone, where one is left. */
export const forgetSecret = async (target: string): Promise<void> => {
  if ((await callMain('hand-over.secrets', {})).includes(target)) await callMain('hand-over.secret', { target, secret: null })
}
