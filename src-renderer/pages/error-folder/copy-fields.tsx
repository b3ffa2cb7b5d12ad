import { Box } from '@mui/material'
import { Choice, TextLine } from '../../components/fields.tsx'
import { sizeText } from '../../components/sizes.ts'
import { charsets } from './charsets.ts'
import { textOf, type Edits, type OpenedCopy } from './edit-copy.ts'
import type { TextPart } from './text-parts.ts'

type Needs = { copy: OpenedCopy; edits: Edits; onChange: (edits: Partial<Edits>) => void }

/** Header, text and character set of a copy. */
export const CopyFields = ({ copy, edits, onChange }: Needs) => {
  const part = copy.parts[edits.part]
  return (
    <Box sx={{ display: 'grid', gap: 2, minWidth: 0, alignContent: 'start' }}>
      {copy.headerIsLarge ? <Box>The header is too large to be edited here: it stays as it is. {elsewhere}</Box> : (
        <TextLine label="Header fields" mono rows={8} value={edits.header} onChange={(header) => onChange({ header })} helper="A field a line; lines that begin with a space continue the one above. Lines that are not edited stay byte for byte." />
      )}
      {copy.parts.length > 1 && <Choice label="Text part" value={String(edits.part)} onChange={(index) => onChange({ part: Number(index), charset: null, text: null })} options={copy.parts.map((one, index) => ({ value: String(index), label: `${index + 1}. ${one.type === 'text/html' ? 'HTML' : one.type === 'text/plain' ? 'Plain text' : one.type}` }))} helper="One part is edited; the others stay byte for byte." />}
      {part ? <PartFields copy={copy} part={part} edits={edits} onChange={onChange} /> : <Box>The body has no text that could be edited: it stays byte for byte ({sizeText(copy.view.length)} with the header).</Box>}
    </Box>
  )
}

const elsewhere = 'Download the bundle, edit the message with a program of your choice, and give it to “mailroom errors replay ID --file”.'
const declared = ''

const PartFields = ({ copy, part, edits, onChange }: Needs & { part: TextPart }) => {
  const text = textOf(copy, part, edits.charset)
  const isLarge = part.body.end - part.body.start > 200_000
  return (
    <>
      <Choice
        label="Character set" value={edits.charset ?? declared} onChange={(charset) => onChange({ charset: charset === declared ? null : charset, text: null })} disabled={edits.text !== null}
        options={[{ value: declared, label: part.charset === null ? 'None declared' : `As declared: ${part.charset.slice(0, 40)}` }, ...charsets]}
        helper={edits.text !== null ? 'An edited text is written in UTF-8.' : 'Choose so that the text below reads well. It changes the Content-Type of the copy, not the text itself.'}
      />
      {isLarge ? <Box>The text is larger than 200 KB: it stays as it is. {elsewhere}</Box>
        : text === null && edits.text === null ? <Box role="status">The declared character set is not known: choose one to see the text.</Box>
        : <TextLine label={part.type === 'text/html' ? 'Text (HTML source)' : 'Text'} mono={part.type === 'text/html'} rows={9} value={edits.text ?? text ?? ''} onChange={(typed) => onChange({ text: typed === text ? null : typed })} helper={edits.text === null ? 'Not edited: it stays byte for byte.' : 'Edited: it is written in UTF-8.'} />}
    </>
  )
}
