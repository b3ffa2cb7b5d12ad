import { Box, Button, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { CopyLine } from '../../components/copy-line.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { NewPassphrase, useNewPassphrase } from '../../components/new-passphrase.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { saveBlob } from '../../components/save-file.ts'
import { sizeText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { downloadFile } from '../../main-process/download-file.ts'
import { useWork } from '../../main-process/use-work.ts'
import { useAct } from '../../problems/toasts.tsx'

type Done = { fileName: string; bytes: number }

/** The whole data folder in one file, and how it comes back. */
export const BackupPart = () => {
  const draft = useNewPassphrase()
  const [done, setDone] = useState<Done | null>(null)
  const administrator = useIsAdministrator()
  const work = useWork({ cancelOnLeave: true })
  const act = useAct()
  const make = (): void => {
    const passphrase = draft.take()
    if (passphrase === null || work.running) return
    setDone(null)
    void act(() => work.run(async (workId) => {
      const download = await callMain('backup.make', { passphrase, workId })
      const file = await downloadFile(download)
      saveBlob(download.fileName, file)
      setDone({ fileName: download.fileName, bytes: file.size })
      draft.clear()
    }))
  }
  return (
    <>
      <LookOnly what="the data folder" />
      <Panel title="Make a backup" footer={work.running && <Box sx={{ flex: 1 }}><ProgressStrip what={work.progress?.what ?? 'Beginning'} done={work.progress?.done ?? 0} total={work.progress?.total ?? null} onCancel={work.cancel} /></Box>}>
        <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); make() }} sx={{ p: 2, display: 'grid', gap: 1.5, maxWidth: 560 }}>
          <Typography>One file with everything: configuration, requests, messages, error records, logs, and all secrets. Fetching goes on meanwhile. The passphrase seals the key and the secrets in it: without it nobody can restore the backup, and with it everybody can. Keep the two apart.</Typography>
          <NewPassphrase draft={draft} disabled={!administrator || work.running} />
          <Box><Button type="submit" variant="contained" color="primary" disabled={!administrator || work.running}>{work.running ? 'Working on it…' : 'Download backup'}</Button></Box>
          {done && <Box role="status" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="good">{done.fileName} has {sizeText(done.bytes)}. Check the file where it lies with the command below.</StatusMark></Box>}
        </Box>
      </Panel>
      <Panel title="Restore">
        <Box component="ol" sx={{ m: 0, py: 2, pr: 2, pl: 4.5, display: 'grid', gap: 1.5, maxWidth: 640 }}>
          <Step words="Stop this console, or see to it that its servers do not fetch: two consoles on one mailbox take each other’s mail." />
          <Step words="Check the file. It says whether every byte is as it was written."><CopyLine label="Command to check" value={`npx mailroom backup verify ${done?.fileName ?? 'mailroom-backup.mrb'}`} /></Step>
          <Step words="Restore it to a folder that is empty or not there yet. It asks for the passphrase; nothing is ever overwritten."><CopyLine label="Command to restore" value={`npx mailroom backup restore ${done?.fileName ?? 'mailroom-backup.mrb'} --data /path/to/new-folder`} /></Step>
          <Step words="Open the console on it. Whoever signed in by browser may have to do so again where the sign-in was renewed since."><CopyLine label="Command to open" value="npx mailroom serve --data /path/to/new-folder" /></Step>
        </Box>
      </Panel>
    </>
  )
}

const Step = ({ words, children }: { words: string; children?: ReactNode }) => <li><Typography sx={{ mb: children ? 0.5 : 0 }}>{words}</Typography>{children}</li>
