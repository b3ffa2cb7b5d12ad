import { Box, Button } from '@mui/material'
import { useEffect, useState, type ReactNode } from 'react'
import { copyText } from './copy-text.ts'
import { TextLine } from './fields.tsx'

/** Something to take elsewhere: shown, selectable, with a button that copies it and says so. */
export const CopyLine = ({ label, value, helper, name, children }: { label: string; value: string; helper?: ReactNode; name?: string; children?: ReactNode }) => (
  <TextLine
    label={label} mono value={value} readOnly onChange={() => undefined} helper={helper} {...(name === undefined ? {} : { name })}
    suffix={<Box sx={{ display: 'flex', gap: 0.5 }}>{children}<CopyButton what={label} text={value} /></Box>}
  />
)

/** Copies, and says for a moment that it did. */
export const CopyButton = ({ what, text, variant = 'text', words = 'Copy' }: { what: string; text: string; variant?: 'text' | 'outlined'; words?: string }) => {
  const [done, setDone] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (done === null) return
    const timer = setTimeout(() => setDone(null), 2_000)
    return () => clearTimeout(timer)
  }, [done])
  return <Button variant={variant} color={variant === 'text' ? 'primary' : 'inherit'} aria-label={`Copy ${what}`} onClick={() => void copyText(text).then((went) => setDone(went ? 'copied' : 'refused'))}><span role="status">{done === 'copied' ? 'Copied' : done === 'refused' ? 'Not allowed' : words}</span></Button>
}
