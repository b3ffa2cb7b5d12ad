import ArrowDropDown from '@mui/icons-material/ArrowDropDown'
import { Button, Divider, ListSubheader, Menu, MenuItem, type ButtonProps } from '@mui/material'
import { useRef, useState, type ReactNode } from 'react'

/** An entry of a menu; `under` heads the first of several that belong together, `parted` draws a line above. */
export type MenuEntry = { label: ReactNode; onChoose: () => void; disabled?: boolean; under?: string; parted?: boolean }

/** A button with a menu: the choice comes first, then the work. */
export const MenuButton = ({ label, items, ...button }: { label: ReactNode; items: readonly MenuEntry[] } & Omit<ButtonProps, 'onClick'>) => {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  return (
    <>
      <Button {...button} ref={anchor} aria-haspopup="menu" aria-expanded={open} endIcon={<ArrowDropDown />} onClick={() => setOpen(true)} sx={{ '& .MuiButton-endIcon': { ml: 0.25, mr: -0.75 } }}>{label}</Button>
      <Menu open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} transitionDuration={80}>
        {items.flatMap((item, index) => [
          ...(item.parted ? [<Divider key={`line ${index}`} component="li" />] : []),
          ...(item.under ? [<ListSubheader role="none" key={`head ${index}`} sx={{ lineHeight: '26px', fontSize: 12, bgcolor: 'transparent' }}>{item.under}</ListSubheader>] : []),
          <MenuItem key={index} disabled={item.disabled ?? false} onClick={() => { setOpen(false); item.onChoose() }}>{item.label}</MenuItem>
        ])}
      </Menu>
    </>
  )
}
