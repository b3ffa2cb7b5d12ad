import ArrowDropDown from '@mui/icons-material/ArrowDropDown'
import { Button, Menu, MenuItem, type ButtonProps } from '@mui/material'
import { useRef, useState, type ReactNode } from 'react'

/** A button with a menu: the choice comes first, then the work. */
export const MenuButton = ({ label, items, ...button }: { label: ReactNode; items: { label: ReactNode; onChoose: () => void; disabled?: boolean }[] } & Omit<ButtonProps, 'onClick'>) => {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  return (
    <>
      <Button {...button} ref={anchor} aria-haspopup="menu" aria-expanded={open} endIcon={<ArrowDropDown />} onClick={() => setOpen(true)} sx={{ '& .MuiButton-endIcon': { ml: 0.25, mr: -0.75 } }}>{label}</Button>
      <Menu open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} transitionDuration={80}>
        {items.map((item, index) => (
          <MenuItem key={index} disabled={item.disabled} onClick={() => { setOpen(false); item.onChoose() }}>{item.label}</MenuItem>
        ))}
      </Menu>
    </>
  )
}
