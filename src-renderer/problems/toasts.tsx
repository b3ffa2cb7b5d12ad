import Close from '@mui/icons-material/Close'
import { Box, IconButton, Paper, Typography } from '@mui/material'
import { createContext, useCallback, useContext, useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Problem } from '#contract/problem.ts'
import { problemOf } from '../main-process/call-main.ts'
import { StatusIcon } from '../components/status-mark.tsx'
import { ProblemNotice } from './problem-notice.tsx'

type Said = { text: string; tone: 'good' | 'warning'; problem: null } | { text: null; problem: Problem }
type Toast = Said & { id: number }
type Toasts = { say: (text: string, tone?: 'good' | 'warning') => void; fail: (thrown: unknown) => void }

const ToastsContext = createContext<Toasts>({ say: () => undefined, fail: () => undefined })

/** `say` reports what was done, `fail` turns whatever was thrown into words. */
export const useToasts = (): Toasts => useContext(ToastsContext)

/** Runs an action of the user; a failure becomes a toast. Answers whether it went well. */
export const useAct = (): ((action: () => Promise<unknown>) => Promise<boolean>) => {
  const { fail } = useToasts()
  return useCallback(
    async (action) => {
      try {
        await action()
        return true
      } catch (thrown) {
        fail(thrown)
        return false
      }
    },
    [fail]
  )
}

const mostShown = 3

/** The one place where toasts are made. Good news leaves by itself, a problem stays until it is closed or the page is left. */
export const ToastStack = ({ children }: { children: ReactNode }) => {
  const [toasts, setToasts] = useState<Toast[]>([])
  const next = useRef(1)
  const add = useCallback((toast: Said) => {
    const id = next.current++
    setToasts((before) => [...before.filter((other) => !sameToast(other, toast)), { ...toast, id }].slice(-mostShown))
  }, [])
  const close = useCallback((id: number) => setToasts((before) => before.filter((toast) => toast.id !== id)), [])
  useEffect(() => {
    const leave = (): void => setToasts((before) => before.filter((toast) => toast.problem === null))
    window.addEventListener('hashchange', leave)
    return () => window.removeEventListener('hashchange', leave)
  }, [])
  const toolbox = useMemo<Toasts>(() => ({ say: (text, tone = 'good') => add({ text, tone, problem: null }), fail: (thrown) => failInto(add, thrown) }), [add])
  return (
    <ToastsContext value={toolbox}>
      {children}
      <Box role="region" aria-label="Messages" aria-live="polite" sx={{ position: 'fixed', left: '50%', transform: 'translateX(-50%)', top: 8, zIndex: 'snackbar', display: 'flex', flexDirection: 'column', gap: 1, width: 'fit-content', minWidth: 240, pointerEvents: 'none', '& > *': { pointerEvents: 'auto' }, maxWidth: 'min(440px, calc(100vw - 32px))' }}>
        {toasts.map((toast) => <ToastCard key={toast.id} toast={toast} close={() => close(toast.id)} />)}
      </Box>
    </ToastsContext>
  )
}

const failInto = (add: (toast: Said) => void, thrown: unknown): void => {
  const problem = problemOf(thrown)
  if (problem.code === 'cancelled') add({ text: 'Cancelled. What was finished before is kept.', tone: 'good', problem: null })
  else add({ text: null, problem })
}

const sameToast = (a: { text: string | null; problem: Problem | null }, b: { text: string | null; problem: Problem | null }): boolean => a.text === b.text && JSON.stringify(a.problem) === JSON.stringify(b.problem)

const ToastCard = ({ toast, close }: { toast: Toast; close: () => void }) => {
  const fleeting = toast.problem === null
  const leave = useEffectEvent(close)
  useEffect(() => {
    if (!fleeting) return
    const timer = setTimeout(leave, 5_000)
    return () => clearTimeout(timer)
  }, [fleeting])
  return (
    <Paper sx={{ border: 1, borderColor: 'divider', boxShadow: '0 8px 24px rgba(0, 0, 0, 0.24)', p: 1.25, display: 'flex', gap: 1, alignItems: 'flex-start' }}>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        {toast.problem ? <ProblemNotice problem={toast.problem} bare /> : <Box sx={{ display: 'flex', gap: 1 }}><Box sx={{ pt: 0.25 }}><StatusIcon tone={toast.tone} /></Box><Typography>{toast.text}</Typography></Box>}
      </Box>
      <IconButton aria-label="Close message" onClick={close}><Close sx={{ fontSize: 16 }} /></IconButton>
    </Paper>
  )
}
