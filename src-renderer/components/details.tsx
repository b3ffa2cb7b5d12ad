import ChevronRight from '@mui/icons-material/ChevronRight'
import { Box, ButtonBase } from '@mui/material'
import { useId, useState, type ReactNode } from 'react'

/** Something folded away, with a hint of what is in it. It opens where `open` becomes true, and never closes by itself: somebody may be typing in it. */
export const Details = ({ label, hint, open: openAtFirst = false, children }: { label: ReactNode; hint?: string; open?: boolean; children: ReactNode }) => {
  const [open, setOpen] = useState(openAtFirst)
  const [wanted, setWanted] = useState(openAtFirst)
  if (wanted !== openAtFirst) {
    setWanted(openAtFirst)
    if (openAtFirst) setOpen(true)
  }
  const id = useId()
  return (
    <Box>
      <ButtonBase onClick={() => setOpen(!open)} aria-expanded={open} aria-controls={id} sx={{ borderRadius: 1, py: 0.25, pr: 0.75, fontSize: 'inherit', gap: 0.25, color: 'text.secondary', textAlign: 'left', '&:hover': { color: 'text.primary' } }}>
        <ChevronRight sx={{ fontSize: 16, transform: open ? 'rotate(90deg)' : 'none' }} />
        <span>{label}</span>
        {hint && !open && <Box component="span" sx={{ ml: 0.75, fontSize: 12, color: 'text.secondary', fontWeight: 400 }}>{hint}</Box>}
      </ButtonBase>
      {open && <Box id={id} sx={{ pt: 0.5 }}>{children}</Box>}
    </Box>
  )
}
