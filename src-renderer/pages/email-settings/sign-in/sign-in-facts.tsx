import { Box } from '@mui/material'
import type { ReactNode } from 'react'
import type { SignInState } from '#contract/oauth.ts'
import { Mono } from '../../../components/mono.tsx'
import { LocalTime, TimeAgo } from '../../../components/times.tsx'

/** Who signed in, when it was last renewed, and when it ends. */
export const SignInFacts = ({ state, brief = false }: { state: SignInState; brief?: boolean }) => (
  <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '120px minmax(0, 1fr)', columnGap: 1, rowGap: 0.25, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
    {state.account && <Fact label="Account"><Mono>{state.account}</Mono></Fact>}
    {state.signedInAt && <Fact label="Signed in"><LocalTime at={state.signedInAt} /></Fact>}
    {state.lastRefreshAt && <Fact label="Last refreshed"><TimeAgo at={state.lastRefreshAt} /></Fact>}
    {state.idleExpiresAt && <Fact label="Ends if unused"><LocalTime at={state.idleExpiresAt} /></Fact>}
    {!brief && state.scope.length > 0 && <Fact label="Scopes">{state.scope.map((scope) => <Box key={scope}><Mono>{scope}</Mono></Box>)}</Fact>}
  </Box>
)

const Fact = ({ label, children }: { label: string; children: ReactNode }) => <><dt>{label}</dt><dd>{children}</dd></>
