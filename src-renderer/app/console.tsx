import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import { CssBaseline, ThemeProvider } from '@mui/material'
import { Box, Button, CircularProgress } from '@mui/material'
import { UnlockHost } from '../access/unlock.tsx'
import { AskHost } from '../components/ask.tsx'
import { ConsoleStateContext } from '../main-process/console-state.ts'
import { useCall } from '../main-process/use-call.ts'
import { ProblemNotice } from '../problems/problem-notice.tsx'
import { ToastStack } from '../problems/toasts.tsx'
import { Shell } from './shell.tsx'
import { theme } from './theme.ts'
import { VaultScreen } from './vault-screen.tsx'

// The host may hand out a nonce for styles (Vite's `html.cspNonce` convention); without one it allows inline styles.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
const cache = createCache({ key: 'css', ...(nonce ? { nonce } : {}) })

/** The whole window: theme, messages, the vault before anything else, then the shell. */
export const Console = () => (
  <CacheProvider value={cache}>
    <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="mailroom-theme" noSsr>
      <CssBaseline enableColorScheme />
      <ToastStack>
        <AskHost>
          <Entrance />
        </AskHost>
      </ToastStack>
    </ThemeProvider>
  </CacheProvider>
)

const Entrance = () => {
  const { value: state, problem, reload } = useCall('console.state', {}, { refreshOn: ['vault-opened', 'access-changed'] })
  if (state === null) return <Box sx={{ height: '100%', display: 'grid', placeItems: 'center', p: 3 }}>{problem ? <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} /> : <CircularProgress size={24} aria-label="Loading" />}</Box>
  if (state.credentials === 'vault-new' || state.credentials === 'vault-locked') return <VaultScreen mode={state.credentials} dataFolder={state.dataFolder} onOpened={reload} />
  return (
    <ConsoleStateContext value={state}>
      <UnlockHost>
        <Shell />
      </UnlockHost>
    </ConsoleStateContext>
  )
}
