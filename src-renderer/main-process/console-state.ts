import { createContext, useContext } from 'react'
import type { ConsoleState } from '#contract/calls.ts'

const unknown: ConsoleState = { version: '', host: 'browser', role: 'support', dataFolder: '', credentials: 'vault', demo: false, platform: '', pin: 'none' }

export const ConsoleStateContext = createContext<ConsoleState>(unknown)

/** What the console is and who looks at it. */
export const useConsoleState = (): ConsoleState => useContext(ConsoleStateContext)
export const useIsAdministrator = (): boolean => useContext(ConsoleStateContext).role === 'administrator'
