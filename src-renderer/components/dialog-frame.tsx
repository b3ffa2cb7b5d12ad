import Close from '@mui/icons-material/Close'
import { Box, Dialog, DialogActions, DialogContent, DialogTitle, IconButton, useMediaQuery } from '@mui/material'
import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react'

type Needs = { title: ReactNode; onClose: () => void; actions?: ReactNode; width?: number; flush?: boolean; onSubmit?: () => void; children: ReactNode }

/** A dialog with title, close button, scrolling content and actions. Esc closes; focus returns to where it was. Enter submits where `onSubmit` is given. */
export const DialogFrame = ({ title, onClose, actions, width = 640, flush = false, onSubmit, children }: Needs) => {
  const titleId = useId()
  const root = useEscapeFromNowhere(onClose)
  const small = useMediaQuery(`(max-width: ${width + 40}px), (max-height: 480px)`)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // A form inside a portal still bubbles to the React parent's form.
    event.stopPropagation()
    onSubmit?.()
  }
  const content = (
    <>
      <Box sx={{ display: 'flex', alignItems: 'center', borderBottom: 1, borderColor: 'divider', pr: 1.5 }}>
        <DialogTitle id={titleId} sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{title}</DialogTitle>
        <IconButton aria-label="Close dialog" onClick={onClose}><Close /></IconButton>
      </Box>
      <DialogContent sx={flush ? { p: 0 } : { '&&': { pt: 2 } }}>{children}</DialogContent>
      {actions && <DialogActions sx={{ borderTop: 1, borderColor: 'divider' }}>{actions}</DialogActions>}
    </>
  )
  const column = { display: 'flex', flexDirection: 'column', minHeight: 0, flex: '1 1 auto' } as const
  return (
    <Dialog ref={root} open onClose={onClose} aria-labelledby={titleId} fullScreen={small} maxWidth={false} transitionDuration={80} slotProps={{ paper: { sx: { width: small ? '100%' : width, m: small ? 0 : 2, maxHeight: small ? '100%' : 'calc(100% - 32px)' } } }}>
      {onSubmit ? <Box component="form" noValidate onSubmit={submit} sx={column}>{content}</Box> : <Box sx={column}>{content}</Box>}
    </Dialog>
  )
}

/** A button that is disabled while its work runs loses the focus to the page, where no dialog hears Esc until the focus is drawn in again. */
const useEscapeFromNowhere = (onClose: () => void) => {
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      const topmost = [...document.querySelectorAll('.MuiDialog-root')].at(-1)
      if (event.key === 'Escape' && event.target === document.body && topmost === root.current) onClose()
    }
    document.addEventListener('keydown', heard)
    return () => document.removeEventListener('keydown', heard)
  }, [onClose])
  return root
}
