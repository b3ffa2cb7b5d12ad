import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { copyText } from '../../components/copy-text.ts'
import { Tick } from '../../components/fields.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { saveText } from '../../components/save-file.ts'
import { plural, sizeText } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { LinesView } from './lines-view.tsx'

/** This console as a file. */
export const ExportPart = () => {
  const [ask, setAsk] = useState(false)
  const { value, problem, reload } = useCall('configuration.export', { ask }, { refreshOn: ['servers-changed', 'settings-changed'] })
  const { say } = useToasts()
  const act = useAct()
  const yaml = value?.yaml ?? null
  // Spreadsheets know UTF-8 by its byte order mark.
  const servers = (): void => void act(async () => saveText('servers.csv', 'text/csv', `\ufeff${(await callMain('configuration.export-csv', {})).csv}`))
  return (
    <>
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        title="Export" fill
        actions={<><Button onClick={servers} title="Incoming and outgoing servers for a spreadsheet, a row each; partitions, rules and settings are not in it">Download servers.csv</Button><Button disabled={yaml === null} onClick={() => yaml !== null && void copyText(yaml).then((done) => say(done ? 'The configuration is on the clipboard.' : 'The browser did not allow copying.'))}>Copy</Button><Button variant="contained" color="primary" disabled={yaml === null} onClick={() => yaml !== null && saveText('mailroom.yaml', 'application/yaml', yaml)}>Download mailroom.yaml</Button></>}
        footer={yaml !== null && <Box sx={{ color: 'text.secondary' }}>{plural(yaml.split('\n').length - 1, 'line')}, {sizeText(new Blob([yaml]).size)}; no secret is in it.</Box>}
      >
        <Box sx={{ px: 1.5, py: 0.75 }}><Tick label="Ask for secrets on import" value={ask} onChange={setAsk} helper="For another console: whoever imports the file is asked for each secret that lies in the credential store here." /></Box>
        {yaml !== null && <LinesView label="Configuration of this console" text={yaml} />}
      </Panel>
    </>
  )
}
