import Notifications from '@mui/icons-material/NotificationsNoneOutlined'
import { Badge, Box, Button, FormControlLabel, IconButton, Popover, Switch, Tooltip, Typography } from '@mui/material'
import { useRef, useState } from 'react'
import type { Notice } from '#contract/notice.ts'
import { callMain } from '../main-process/call-main.ts'
import { useCall } from '../main-process/use-call.ts'
import { goTo } from '../components/hash-location.ts'
import { StatusIcon } from '../components/status-mark.tsx'
import { LocalTime, TimeAgo } from '../components/times.tsx'
import { useAct } from '../problems/toasts.tsx'
import { placeOf, toneOf } from './notice-words.ts'

/** What happened while nobody looked: unread count and list. */
export const Bell = () => {
  const { value, reload } = useCall('notices.list', {}, { refreshOn: ['notice-added'] })
  const [open, setOpen] = useState(false)
  const [unreadOnly, setUnreadOnly] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  const act = useAct()
  const unread = value?.unread ?? 0
  const shown = (value?.notices ?? []).filter(({ read }) => !unreadOnly || !read)
  const read = (ids: number[] | null): Promise<boolean> => act(async () => { await callMain('notices.read', { ids }); reload() })
  const choose = (notice: Notice): void => {
    setOpen(false)
    void read([notice.id])
    goTo(placeOf(notice))
  }
  return (
    <>
      <Tooltip title="Notices"><IconButton ref={anchor} aria-label={unread === 0 ? 'Notices, none unread' : `Notices, ${unread} unread`} aria-haspopup="dialog" onClick={() => setOpen(true)}><Badge badgeContent={unread} color="error" max={99}><Notifications /></Badge></IconButton></Tooltip>
      <Popover open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }} transformOrigin={{ vertical: 'top', horizontal: 'right' }} transitionDuration={80} slotProps={{ paper: { role: 'dialog', 'aria-label': 'Notices' } }}>
        <Box sx={{ width: 400, maxWidth: '92vw' }}>
          <Box sx={{ display: 'flex', alignItems: 'center', px: 1.5, py: 1, borderBottom: 1, borderColor: 'divider' }}>
            <Typography variant="h2" sx={{ flex: 1 }}>Notices</Typography>
            <FormControlLabel sx={{ mr: 1 }} control={<Switch size="small" checked={unreadOnly} onChange={(event) => setUnreadOnly(event.target.checked)} />} label="Unread only" />
            <Button variant="text" disabled={unread === 0} onClick={() => void read(null)}>Mark all read</Button>
          </Box>
          <Box sx={{ maxHeight: 420, overflow: 'auto' }}>
            {shown.length === 0 && <Typography sx={{ p: 2, color: 'text.secondary' }}>{unreadOnly && (value?.notices.length ?? 0) > 0 ? 'Every notice has been read.' : 'Nothing has happened that needs your attention. Lost connections and failed mail are told here.'}</Typography>}
            {shown.map((notice) => <NoticeLine key={notice.id} notice={notice} onChoose={() => choose(notice)} />)}
          </Box>
        </Box>
      </Popover>
    </>
  )
}

const NoticeLine = ({ notice, onChoose }: { notice: Notice; onChoose: () => void }) => (
  <Box component="button" type="button" onClick={onChoose} sx={{ display: 'flex', gap: 1, width: '100%', p: 1.25, px: 1.5, border: 0, borderBottom: 1, borderColor: 'divider', bgcolor: 'transparent', color: 'inherit', font: 'inherit', textAlign: 'left', cursor: 'pointer', '&:hover': { bgcolor: 'action.hover' }, '&:focus-visible': { outlineOffset: -2 } }}>
    <Box sx={{ pt: 0.25 }}><StatusIcon tone={toneOf(notice)} /></Box>
    <Box sx={{ flex: 1, minWidth: 0 }}>
      <Box sx={{ fontWeight: notice.read ? 400 : 600, overflowWrap: 'anywhere' }}>{notice.text}</Box>
      <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{notice.server}{notice.server === '' ? '' : ' · '}<TimeAgo at={notice.at} />{notice.repeats > 0 && <> · {notice.repeats} more since <LocalTime at={notice.firstAt} /></>}{notice.read ? '' : ' · unread'}</Box>
    </Box>
  </Box>
)
