import { Button } from '@mui/material'
import { callMain } from '../main-process/call-main.ts'
import { useIsAdministrator } from '../main-process/console-state.ts'
import { useAct, useToasts } from '../problems/toasts.tsx'

/** Sends the mail of a server through the server itself again, at one click. */
export const ReturnButton = ({ name }: { name: string }) => {
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const back = (): void => void act(async () => {
    await callMain('outgoing.return-to-primary', { name })
    say(`${name} sends through its own server again.`)
  })
  return <Button aria-label={`Return to ${name}`} disabled={!administrator} title={administrator ? 'Send through the primary server again' : 'Only an administrator returns to the primary server.'} onClick={back}>Return</Button>
}
