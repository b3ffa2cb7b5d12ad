import { Box, Typography } from '@mui/material'
import type { Problem } from '#contract/problem.ts'
import type { SpamRule } from '#contract/spam-rule.ts'
import { DropPlace } from '../../components/drop-place.tsx'
import { StatusIcon, StatusMark } from '../../components/status-mark.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { criterionWords } from './rule-words.ts'
import { isComplete, type RuleTrial, type useRuleTrial } from './use-rule-trial.ts'

/** What the rule, saved or not, says of a message: whether it would be dropped, and what each criterion found. */
export const RuleTrialView = ({ draft, trial, problem }: { draft: SpamRule; trial: ReturnType<typeof useRuleTrial>; problem: Problem | null }) => {
  const { tried, busy } = trial
  const complete = isComplete(draft)
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box>
        <Typography variant="h3" component="h3">Try before saving</Typography>
        <Typography sx={{ color: 'text.secondary' }}>Would this rule drop a certain message? Nothing is stored or dropped.</Typography>
      </Box>
      <DropPlace label="Message to try the rule on" compact busy={busy} words={tried ? 'Another message (.eml)' : 'Drop a message (.eml)'} onFiles={([file]) => file && void trial.open(file, draft)} />
      {problem && <ProblemNotice problem={problem} bare />}
      {!complete && trial.hasMessage() && <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">It is tried again once the rule is complete.</StatusMark></Box>}
      {tried && <Verdict tried={tried} />}
    </Box>
  )
}

const Verdict = ({ tried: { fileName, rule, trial } }: { tried: RuleTrial }) => (
  <Box role="status" sx={{ display: 'grid', gap: 1, minWidth: 0 }}>
    <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{fileName}</Box>
    <Box sx={{ fontWeight: 600, fontSize: 14, '& span': { whiteSpace: 'normal' } }}><StatusMark tone={trial.matches ? 'stopped' : 'good'}>{trial.matches ? 'The rule fits: it would be dropped.' : 'The rule does not fit: it would go on.'}</StatusMark></Box>
    {trial.matches && !rule.enabled && <Box sx={{ color: 'text.secondary' }}>As long as the rule is off, nothing is dropped.</Box>}
    <Box component="ul" aria-label="Criteria on this message" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}>
      {rule.criteria.map((criterion, index) => {
        const { met = false, found = null } = trial.criteria[index] ?? {}
        return (
          <Box component="li" key={index} sx={{ display: 'grid', gridTemplateColumns: '18px minmax(0, 1fr)', gap: 0.75 }}>
            <Box sx={{ pt: 0.25 }}><StatusIcon tone={met ? 'good' : 'pending'} label={met ? 'met' : 'not met'} /></Box>
            <Box sx={{ overflowWrap: 'anywhere' }}>
              {criterionWords(criterion)} <Box component="span" sx={{ color: 'text.secondary' }}>– {met ? 'met' : 'not met'}</Box>
              {found !== null && <Box sx={{ color: 'text.secondary' }}>by <Box component="span" className="mono" sx={{ color: 'text.primary' }}>{found.length > 300 ? `${found.slice(0, 300)}…` : found}</Box></Box>}
            </Box>
          </Box>
        )
      })}
    </Box>
  </Box>
)
