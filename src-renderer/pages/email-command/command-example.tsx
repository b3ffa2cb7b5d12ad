import { Box, Button, Tab, Tabs } from '@mui/material'
import { useState } from 'react'
import { CopyButton } from '../../components/copy-line.tsx'
import { MonoBlock } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { commandMail, operations, type CommandMail, type Marks, type Operation } from './command-examples.ts'

/** A command mail with the marks as typed now, one for each operation. */
export const CommandExample = ({ marks, onTry }: { marks: Marks; onTry: (mail: CommandMail) => void }) => {
  const [operation, setOperation] = useState<Operation>('add')
  const mail = commandMail(operation, marks)
  const text = `Subject: ${mail.subject}\n\n${mail.text}`
  return (
    <Panel title="Example" actions={<><CopyButton what="example" text={text} /><Button onClick={() => onTry(mail)}>Put it in the try box</Button></>}>
      <Tabs value={operation} onChange={(_, next: Operation) => setOperation(next)} aria-label="Operation" variant="scrollable" sx={{ px: 1.5, borderBottom: 1, borderColor: 'divider' }}>
        {operations.map(({ id, label }) => <Tab key={id} value={id} label={label} id={`operation-${id}`} aria-controls="operation-example" />)}
      </Tabs>
      <Box id="operation-example" role="tabpanel" aria-labelledby={`operation-${operation}`} sx={{ p: 1.5, display: 'grid', gap: 1 }}>
        <Box sx={{ color: 'text.secondary' }}>{operations.find(({ id }) => id === operation)?.effect}</Box>
        <MonoBlock label="Example mail" text={text} />
      </Box>
    </Panel>
  )
}
