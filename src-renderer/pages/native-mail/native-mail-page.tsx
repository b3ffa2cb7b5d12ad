import { Button } from '@mui/material'
import { useState } from 'react'
import { PageFrame } from '../../components/page-frame.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { ActivateDialog } from './activate-dialog.tsx'
import { ForwardingPanel } from './forwarding-panel.tsx'
import { MigrationPanel } from './migration-panel.tsx'
import { StatePanel } from './state-panel.tsx'

/** Mailroom as a mail server of its own: its state, the move to it, and how other mailboxes forward here. */
export const NativeMailPage = () => {
  const { value: state, problem, reload } = useCall('native-mail.state', {}, { refreshOn: ['native-mail-changed', 'settings-changed', 'servers-changed'] })
  const [activating, setActivating] = useState(false)
  return (
    <PageFrame title="Native mail" intro="Mailroom can receive mail itself: no mailbox is asked again and again, and a message becomes a request the moment it arrives. It takes mail for its own addresses alone and passes nothing on.">
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {state && (
        <>
          <StatePanel state={state} onActivate={() => setActivating(true)} reload={reload} />
          <MigrationPanel state={state} onActivate={() => setActivating(true)} reload={reload} />
          <ForwardingPanel supportAddress={state.supportAddress} />
        </>
      )}
      {activating && state && <ActivateDialog state={state} onClose={() => setActivating(false)} onDone={() => { setActivating(false); reload() }} />}
    </PageFrame>
  )
}
