import { Box } from '@mui/material'
import { StatusMark } from './status-mark.tsx'
import { useIsAdministrator } from '../main-process/console-state.ts'

/** Why nothing can be changed here: says so to support, and nothing to an administrator. */
export const LookOnly = ({ what }: { what: string }) =>
  useIsAdministrator() ? null : <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">You look as support. Only an administrator changes {what}.</StatusMark></Box>
