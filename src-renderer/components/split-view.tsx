import { Box } from '@mui/material'
import type { ReactNode } from 'react'

/** A list with its detail beside it where there is room, otherwise the detail in place of the list. The list stays as it was. */
export const SplitView = ({ list, detail, listWidth = 'minmax(320px, 40%)' }: { list: ReactNode; detail: ReactNode | null; listWidth?: string }) => (
  <Box sx={{ flex: 1, minWidth: 0, minHeight: 260, containerType: 'inline-size', display: 'flex' }}>
    <Box sx={{ flex: 1, minWidth: 0, minHeight: 0, display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'minmax(0, 1fr)', ...(detail ? { '@container (min-width: 700px)': { gridTemplateColumns: `${listWidth} minmax(0, 1fr)` } } : {}) }}>
      <Box sx={{ display: 'flex', flexDirection: 'column', minHeight: 0, minWidth: 0, ...(detail ? { '@container (max-width: 699px)': { display: 'none' } } : {}) }}>{list}</Box>
      {detail && <Box sx={{ display: 'flex', flexDirection: 'column', minHeight: 0, minWidth: 0 }}>{detail}</Box>}
    </Box>
  </Box>
)
