import ExpandMore from '@mui/icons-material/ExpandMore'
import { Box, ButtonBase } from '@mui/material'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { OutboxPage } from '#contract/outbox.ts'
import { hashOf } from '../components/hash-location.ts'
import { countText } from '../components/sizes.ts'
import { useCall } from '../main-process/use-call.ts'
import { pages, type Page } from './pages.tsx'

/** Pages whose count says that somebody has to look. */
const alarming = new Set(['error-folder', 'expiries', 'hand-over'])
/** Mail that no server has taken. */
const notSent = (counts: OutboxPage['counts']): number => Object.entries(counts).reduce((sum, [state, count]) => (state === 'sent' ? sum : sum + count), 0)
const groups = ['System', 'Mail', 'Rules', 'Records'] as const

/** The pane on the left: a tree of pages with live counts, folded group by group. */
export const Explorer = ({ current, over, onChosen }: { current: string; over: boolean; onChosen: () => void }) => {
  const requests = useCall('requests.list', { limit: 1 }, { refreshOn: ['requests-changed'] })
  const errors = useCall('errors.list', { limit: 1 }, { refreshOn: ['errors-changed'] })
  const expiries = useCall('expiries.list', {}, { refreshOn: ['servers-changed'] })
  const handOver = useCall('hand-over.list', { limit: 1 }, { refreshOn: ['hand-over-changed'] })
  const outbox = useCall('outbox.list', { limit: 1 }, { refreshOn: ['outbox-changed'] })
  const counts: Record<string, number | undefined> = { requests: requests.value?.total, 'error-folder': errors.value?.open, outbox: outbox.value?.counts && notSent(outbox.value.counts), 'hand-over': handOver.value?.refused, expiries: expiries.value?.filter(({ daysLeft }) => daysLeft <= 30).length }
  const stuck = outbox.value !== null && outbox.value.counts.held + outbox.value.counts.uncertain + outbox.value.counts.refused > 0
  return (
    <Box
      component="nav" aria-label="Explorer"
      sx={{ flex: 'none', width: 232, overflow: 'auto', scrollbarWidth: 'thin', py: 0.75, px: 1, boxSizing: 'border-box', borderRight: 1, borderColor: 'divider', bgcolor: 'background.default', ...(over ? { position: 'absolute', zIndex: 'drawer', top: 0, bottom: 0, left: 0, boxShadow: '4px 0 16px rgba(0, 0, 0, 0.24)' } : {}) }}
    >
      {groups.map((group) => <Group key={group} title={group} pages={pages.filter((page) => page.group === group)} current={current} counts={counts} alarming={stuck ? new Set([...alarming, 'outbox']) : alarming} onChosen={onChosen} />)}
    </Box>
  )
}

type GroupNeeds = { title: string; pages: readonly Page[]; current: string; counts: Record<string, number | undefined>; alarming: ReadonlySet<string>; onChosen: () => void }

const Group = ({ title, pages: members, current, counts, alarming: alarmed, onChosen }: GroupNeeds) => {
  const [open, setOpen] = useState(true)
  return (
    <Box sx={{ mb: 0.5 }}>
      <ButtonBase aria-expanded={open} onClick={() => setOpen(!open)} sx={{ width: '100%', justifyContent: 'flex-start', gap: 0.5, px: 0.5, height: 24, borderRadius: 1, fontSize: 12, fontWeight: 600, color: 'text.secondary' }}>
        <ExpandMore sx={{ fontSize: 16, transform: open ? 'none' : 'rotate(-90deg)' }} />{title}
      </ButtonBase>
      {open && (
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {members.map((page) => <li key={page.id}><Entry page={page} current={page.id === current} count={counts[page.id]} alarming={alarmed.has(page.id)} onChosen={onChosen} /></li>)}
        </Box>
      )}
    </Box>
  )
}

const Entry = ({ page, current, count, alarming: isAlarming, onChosen }: { page: Page; current: boolean; count: number | undefined; alarming: boolean; onChosen: () => void }) => {
  const line = useRef<HTMLAnchorElement | null>(null)
  // A page that was opened from elsewhere may lie below what a small window shows.
  useEffect(() => { if (current) line.current?.scrollIntoView({ block: 'nearest' }) }, [current])
  return <EntryLine ref={line} page={page} current={current} count={count} alarming={isAlarming} onChosen={onChosen} />
}

const EntryLine = ({ ref, page, current, count, alarming: isAlarming, onChosen }: { ref: RefObject<HTMLAnchorElement | null>; page: Page; current: boolean; count: number | undefined; alarming: boolean; onChosen: () => void }) => (
  <Box
    component="a" ref={ref} href={hashOf(page.id)} aria-current={current ? 'page' : undefined} onClick={onChosen}
    sx={{ display: 'flex', alignItems: 'center', height: 28, pl: 3.25, pr: 1, borderRadius: 1, color: current ? 'text.primary' : 'text.secondary', fontWeight: current ? 600 : 450, textDecoration: 'none', bgcolor: current ? 'action.selected' : undefined, '&:hover': { color: 'text.primary', bgcolor: current ? 'action.selected' : 'action.hover' } }}
  >
    <Box component="span" sx={{ flex: 1, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{page.title}</Box>
    {count !== undefined && count > 0 && <Box component="span" sx={{ fontSize: 12, fontWeight: 500, color: isAlarming ? 'error.main' : 'text.secondary' }}>{countText(count)}</Box>}
  </Box>
)
