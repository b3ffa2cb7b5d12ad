import { Button } from '@mui/material'
import { useRef } from 'react'
import { pickedFrom, type PickedFile } from './picked-file.ts'

type Needs = { label: string; words: string; main?: boolean; onPick: (file: PickedFile) => void }

/** A button that chooses a configuration file; `label` names the file field. */
export const PickFileButton = ({ label, words, main = false, onPick }: Needs) => {
  const picker = useRef<HTMLInputElement | null>(null)
  return (
    <>
      <Button {...(main ? { variant: 'contained' as const, color: 'primary' as const } : {})} onClick={() => picker.current?.click()}>{words}</Button>
      <input
        ref={picker} hidden type="file" aria-label={label} accept=".yaml,.yml,.json"
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) void pickedFrom(file).then(onPick)
          event.target.value = ''
        }}
      />
    </>
  )
}
