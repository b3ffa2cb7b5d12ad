import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { PeopleImport } from '#contract/person.ts'
import type { InputIssue, Problem } from '#contract/problem.ts'
import { CopyButton } from '../../components/copy-line.tsx'
import { Details } from '../../components/details.tsx'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Choice } from '../../components/fields.tsx'
import { DropPlace } from '../../components/drop-place.tsx'
import { MonoBlock } from '../../components/mono.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { saveText } from '../../components/save-file.ts'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { decodedAs, otherEncodings, plainlyDecoded, type OtherEncoding } from '../../components/decode-file.ts'
import { ImportIssues, ImportPreview } from './import-preview.tsx'

const sample = 'name,address,user,analyst,signIn,rights,format\nAnn Meyer,ann.meyer@example.com,yes,no,no,,\nTomas Novak,tomas.novak@example.com,no,yes,yes,edit close pick-up,plain\n"Okafor, Joy",j.okafor@example.com,yes,no,yes,close,html\n'
const largest = 50_000_000

type Picked = { name: string; bytes: Uint8Array; csv: string; encoding: OtherEncoding | null }
type Answer = { kind: 'preview' | 'done'; found: PeopleImport } | { kind: 'refused'; issues: InputIssue[] } | null

/** People from a CSV file: what it would do first, then doing it. */
export const ImportDialog = ({ onClose }: { onClose: () => void }) => {
  const [picked, setPicked] = useState<Picked | null>(null)
  const [tooLarge, setTooLarge] = useState<string | null>(null)
  const [answer, setAnswer] = useState<Answer>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const work = useWork({ cancelOnLeave: true })
  const go = async (csv: string, tryOnly: boolean): Promise<void> => {
    setProblem(null)
    if (tryOnly) setAnswer(null)
    try {
      setAnswer({ kind: tryOnly ? 'preview' : 'done', found: await work.run((workId) => callMain('people.import', { csv, tryOnly, workId })) })
    } catch (thrown) {
      const found = problemOf(thrown)
      if (found.code === 'invalid-input') setAnswer({ kind: 'refused', issues: found.issues })
      else setProblem(found)
    }
  }
  const take = async (file: File): Promise<void> => {
    setTooLarge(file.size > largest ? file.name : null)
    if (file.size > largest) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    const plain = plainlyDecoded(bytes)
    const next: Picked = { name: file.name, bytes, csv: plain ?? decodedAs(bytes, 'windows-1252'), encoding: plain === null ? 'windows-1252' : null }
    setPicked(next)
    await go(next.csv, true)
  }
  const decodeAs = (encoding: OtherEncoding): void => {
    if (!picked) return
    const csv = decodedAs(picked.bytes, encoding)
    setPicked({ ...picked, csv, encoding })
    void go(csv, true)
  }
  const brings = answer?.kind === 'preview' ? answer.found.added + answer.found.changed : 0
  const importing = work.running && answer?.kind === 'preview'
  return (
    <DialogFrame
      title="Import people" width={760} onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{answer?.kind === 'done' ? 'Close' : 'Cancel'}</Button>
          {answer?.kind !== 'done' && <Button variant="contained" color="primary" disabled={work.running || brings === 0} onClick={() => picked && void go(picked.csv, false)}>{brings === 0 ? 'Import' : `Import ${plural(brings, 'person', 'people')}`}</Button>}
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
        {answer?.kind !== 'done' && <DropPlace label="CSV file" words={picked ? `${picked.name} – drop another CSV file here to take its place` : 'Drop a CSV file here'} accept=".csv,text/csv,text/plain" busy={work.running} onFiles={([file]) => { if (file) void take(file) }} />}
        {!picked && <Format />}
        {tooLarge && <StatusMark tone="bad">{tooLarge} has more than 50 MB. Import it in parts.</StatusMark>}
        {picked?.encoding && answer?.kind !== 'done' && <Encoding picked={picked} disabled={work.running} onChoose={decodeAs} />}
        {work.running && <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1 }}><ProgressStrip what={work.progress?.what ?? (importing ? 'Importing' : 'Reading the file')} done={work.progress?.done ?? 0} total={work.progress?.total ?? null} onCancel={work.cancel} /></Box>}
        {problem && (problem.code === 'cancelled' ? <StatusMark tone="neutral">Cancelled. What was imported before is kept; the same file can be imported again.</StatusMark> : <ProblemNotice problem={problem} />)}
        {answer?.kind === 'refused' && <><StatusMark tone="bad">Nothing of this file can be imported.</StatusMark><ImportIssues issues={answer.issues.map(({ line, path, message }) => ({ line: line ?? 1, column: path.replace(/^csv\.?/, '') || 'header', message }))} /></>}
        {answer?.kind === 'refused' && <Format />}
        {answer && answer.kind !== 'refused' && <ImportPreview found={answer.found} done={answer.kind === 'done'} />}
      </Box>
    </DialogFrame>
  )
}

const Encoding = ({ picked, disabled, onChoose }: { picked: Picked; disabled: boolean; onChoose: (encoding: OtherEncoding) => void }) => (
  <Box sx={{ display: 'grid', gap: 1 }}>
    <Choice label="Encoding of the file" width={460} value={picked.encoding ?? 'windows-1252'} onChange={onChoose} disabled={disabled} options={otherEncodings} helper="It is not UTF-8. Choose so that the names below read well." />
    <MonoBlock label="First lines of the file" text={picked.csv.split(/\r?\n/, 4).join('\n')} maxHeight={92} />
  </Box>
)

const Format = () => (
  <Box sx={{ display: 'grid', gap: 1, color: 'text.secondary' }}>
    <Box>People are matched by address: who is there already is changed, who is not is added, nobody is deleted. Columns that the file does not have stay as they are.</Box>
    <Details label="What the file looks like" hint="columns and an example" open>
      <MonoBlock label="Sample CSV" text={sample} maxHeight={140} />
      <Box sx={{ display: 'flex', gap: 1, mt: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <CopyButton what="sample CSV" text={sample} variant="outlined" />
        <Button onClick={() => saveText('people.csv', 'text/csv', sample)}>Save as a file</Button>
        <span>Only <code>address</code> must be there. Flags are yes or no; rights are separated by spaces.</span>
      </Box>
    </Details>
  </Box>
)
