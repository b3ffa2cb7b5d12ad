import { Box, Button, FormHelperText } from '@mui/material'
import { DropPlace } from '../../components/drop-place.tsx'
import { sizeText } from '../../components/sizes.ts'

/** Files that go with a mail: dropped or chosen, each with its size, and what the whole mail would have. `taken` is what the server takes, null where nobody knows; `isAsked`: it was asked and named no size. */
export const SampleFiles = ({ files, size, taken, isAsked, error, busy, onFiles }: { files: readonly File[]; size: number; taken: number | null; isAsked: boolean; error: string | undefined; busy: boolean; onFiles: (files: readonly File[]) => void }) => (
  <Box data-field="attachments" className={error === undefined ? undefined : 'Mui-error'}>
    <Box sx={{ fontSize: 12.5, fontWeight: 500, mb: 0.4 }}>Attachments</Box>
    <DropPlace label="Attachments" accept="" several compact busy={busy} words="Drop files here, or choose them" onFiles={(added) => onFiles([...files, ...added])} />
    {files.length > 0 && (
      <Box component="ul" aria-label="Attached files" sx={{ m: 0, mt: 0.75, p: 0, listStyle: 'none' }}>
        {files.map((file, index) => (
          <Box component="li" key={`${file.name} ${index}`} sx={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto auto', gap: 1, alignItems: 'center' }}>
            <Box component="span" title={file.name} sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{file.name}</Box>
            <Box component="span" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>{sizeText(file.size)}</Box>
            <Button variant="text" disabled={busy} aria-label={`Remove ${file.name}`} onClick={() => onFiles(files.filter((_, place) => place !== index))}>Remove</Button>
          </Box>
        ))}
      </Box>
    )}
    <FormHelperText component="div" error={error !== undefined} role={error === undefined ? undefined : 'alert'}>{error ?? (files.length > 0 ? `The mail will have about ${sizeText(size)}: files grow by more than a third on their way.` : taken === null ? (isAsked ? 'The server names no largest size.' : 'How large a mail may be is known after a connection test.') : `This server takes mail of up to ${sizeText(taken)}.`)}</FormHelperText>
  </Box>
)
