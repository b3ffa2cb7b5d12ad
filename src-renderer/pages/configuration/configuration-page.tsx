import { Box, Button, Typography } from '@mui/material'
import { useRef, useState } from 'react'
import { MonoBlock } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { saveText } from '../../components/save-file.ts'
import { copyText } from '../../components/copy-text.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'
import { MissingSecrets } from './missing-secrets.tsx'
import { ImportPreview, type PickedFile } from './import-preview.tsx'

/** The whole configuration as one file without secrets: out of this console, or into it after a look at what would change. */
export const ConfigurationPage = () => {
  const { value, problem, reload } = useCall('configuration.export', {}, { refreshOn: ['servers-changed', 'settings-changed'] })
  const [picked, setPicked] = useState<PickedFile | null>(null)
  const picker = useRef<HTMLInputElement | null>(null)
  const { say } = useToasts()
  return (
    <PageFrame title="Configuration file" intro="Prepare everything without a network, carry one file to another console, compare and import it. No secret is ever in the file: it names where each comes from.">
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        title="Import"
        actions={<><Button {...(picked ? {} : { variant: 'contained' as const, color: 'primary' as const })} onClick={() => picker.current?.click()}>{picked ? 'Choose another file' : 'Choose a file'}</Button><input ref={picker} hidden type="file" aria-label="Configuration file" accept=".yaml,.yml,.json" onChange={(event) => { const file = event.target.files?.[0]; if (file) void file.text().then((yaml) => setPicked((before) => ({ name: file.name, yaml, turn: (before?.turn ?? 0) + 1 }))); event.target.value = '' }} /></>}
      >
        <Box sx={{ p: 2 }}>{picked ? <ImportPreview key={picked.turn} file={picked} onDone={() => setPicked(null)} /> : <Typography sx={{ color: 'text.secondary' }}>Choose a YAML or JSON file. You see what would change before anything is changed.</Typography>}</Box>
      </Panel>
      <MissingSecrets />
      <Panel title="Export" actions={<><Button disabled={!value} onClick={() => value && void copyText(value.yaml).then((done) => say(done ? 'The configuration is on the clipboard.' : 'The browser did not allow copying.'))}>Copy</Button><Button disabled={!value} onClick={() => value && saveText('mailroom.yaml', 'application/yaml', value.yaml)}>Download mailroom.yaml</Button></>}>
        <Box sx={{ p: 2 }}>{value && <MonoBlock label="Configuration of this console" text={value.yaml} maxHeight={420} />}</Box>
      </Panel>
    </PageFrame>
  )
}
