import Search from '@mui/icons-material/Search'
import { InputAdornment, OutlinedInput } from '@mui/material'
import { useEffect, useState } from 'react'

/** A search field that tells its words once typing pauses; `initial` are words to begin with. */
export const SearchLine = ({ label, onSearch, width = 280, initial = '' }: { label: string; onSearch: (words: string) => void; width?: number; initial?: string }) => {
  const [typed, setTyped] = useState(initial)
  useEffect(() => {
    const timer = setTimeout(() => onSearch(typed.trim()), 200)
    return () => clearTimeout(timer)
  }, [typed, onSearch])
  return (
    <OutlinedInput
      value={typed} onChange={(event) => setTyped(event.target.value)} placeholder={label} sx={{ width, maxWidth: '100%', '& input': { pl: 0 }, '& .MuiInputAdornment-root': { mr: 0.75 }, pl: 1.25 }} inputProps={{ 'aria-label': label, type: 'search', maxLength: 200 }}
      onKeyDown={(event) => { if (event.key === 'Escape' && typed !== '') { event.stopPropagation(); setTyped('') } }}
      startAdornment={<InputAdornment position="start"><Search sx={{ fontSize: 16 }} /></InputAdornment>}
    />
  )
}
