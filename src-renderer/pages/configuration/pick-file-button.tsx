import { Button } from '@mui/material'
import { useRef } from 'react'
import { usePickedFile, type PickedFile } from './picked-file.ts'

type Needs = { label: string; words: string; onPick: (file: PickedFile) => void }

/** A button that chooses a configuration file; `label` names the file field. */
export const PickFileButton = ({ label, words, onPick }: Needs) => {
  const picker = useRef<HTMLInputElement | null>(null)
  const take = usePickedFile(onPick)
  return (
    <>
      <Button onClick={() => picker.current?.click()}>{words}</Button>
      <input
        ref={picker} hidden type="file" aria-label={label} accept=".yaml,.yml,.json,.csv"
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) take(file)
          event.target.value = ''
        }}
      />
    </>
  )
}
