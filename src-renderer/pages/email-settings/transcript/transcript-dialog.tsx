import { Button } from '@mui/material'
import { DialogFrame } from '../../../components/dialog-frame.tsx'
import type { Side } from './use-transcript.ts'
import { TranscriptView } from './transcript-view.tsx'

/** The transcript of one server, for itself. */
export const TranscriptDialog = ({ side, name, debug, onClose }: { side: Side; name: string; debug: boolean; onClose: () => void }) => (
  <DialogFrame title={`Transcript – ${name}`} width={980} onClose={onClose} actions={<Button variant="contained" color="primary" onClick={onClose}>Close</Button>}>
    <TranscriptView side={side} name={name} debug={debug} height="min(560px, calc(100vh - 300px))" />
  </DialogFrame>
)
