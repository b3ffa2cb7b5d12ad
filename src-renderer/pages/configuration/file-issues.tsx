import { Box } from '@mui/material'
import type { ReactNode } from 'react'
import type { InputIssue } from '#contract/problem.ts'
import { Mono } from '../../components/mono.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'

/** What is wrong in a file, with line and column. */
export const Faults = ({ file, issues }: { file: string; issues: readonly InputIssue[] }) => (
  <Box role="alert">
    <StatusMark tone="bad">{file} has {plural(issues.length, 'fault')}; nothing was changed.</StatusMark>
    <Box component="ul" sx={{ my: 1, pl: 3 }}>{issues.map((issue, index) => <li key={index}>{issue.line === undefined ? '' : `Line ${issue.line}${issue.column === undefined ? '' : `, column ${issue.column}`}: `}<Mono>{issue.path}</Mono>{issue.path === '' ? '' : ' – '}{coded(issue.message)}</li>)}</Box>
    Correct the file and choose it again.
  </Box>
)

const mostWarnings = 50

export const Warnings = ({ warnings }: { warnings: readonly InputIssue[] }) =>
  warnings.length === 0 ? null : (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, '& span': { whiteSpace: 'normal' } }}>
      {warnings.slice(0, mostWarnings).map((warning, index) => <li key={index}><StatusMark tone="warning"><span>{warning.line === undefined ? '' : `Line ${warning.line}: `}{coded(warning.message)}</span></StatusMark></li>)}
      {warnings.length > mostWarnings && <li>{countText(warnings.length - mostWarnings)} more warnings.</li>}
    </Box>
  )

/** What the core puts between backticks, in the face of code. */
const coded = (message: string): ReactNode => message.split('`').map((part, index) => (index % 2 === 1 ? <Mono key={index}>{part}</Mono> : part))
