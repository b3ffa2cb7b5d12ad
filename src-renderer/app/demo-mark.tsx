import ArrowDropDown from '@mui/icons-material/ArrowDropDown'
import { Box, Button, Popover, Typography } from '@mui/material'
import { useRef, useState } from 'react'
import { demoAccount } from '#contract/demo-account.ts'
import { Mono } from '../components/mono.tsx'
import { placeText } from '../components/server-words.ts'
import { useCall } from '../main-process/use-call.ts'

/** Says that this is the demo, and with what one can sign in to its mail server. */
export const DemoMark = () => {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement | null>(null)
  return (
    <>
      <Button ref={anchor} aria-haspopup="dialog" endIcon={<ArrowDropDown />} onClick={() => setOpen(true)} sx={{ display: { xs: 'none', sm: 'inline-flex' }, minHeight: 22, py: 0, px: 0.75, fontSize: 12, fontWeight: 450, color: 'text.secondary', '& .MuiButton-endIcon': { ml: 0, mr: -0.5 } }}>Demo</Button>
      <Popover open={open} anchorEl={() => anchor.current} onClose={() => setOpen(false)} anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }} transitionDuration={80} slotProps={{ paper: { role: 'dialog', 'aria-label': 'About the demo', tabIndex: 0 } }}>
        <DemoFacts />
      </Popover>
    </>
  )
}

const DemoFacts = () => {
  const incoming = useCall('incoming.list', {}).value ?? []
  const outgoing = useCall('outgoing.list', {}).value ?? []
  const servers = [...incoming, ...outgoing].filter(({ server }) => demoAccount.users.some((user) => user === server.auth.user))
  const facts: [string, string][] = [...servers.map(({ server }): [string, string] => [server.name, `${placeText(server.host, server.port)}, ${server.auth.user}`]), ['Security', 'none'], ['Password', demoAccount.password]]
  return (
    <Box sx={{ p: 2, width: 400, maxWidth: '90vw', boxSizing: 'border-box' }}>
      <Typography variant="h2">Demo</Typography>
      <Typography sx={{ color: 'text.secondary', mb: 1.5 }}>Everything runs on a built-in mail server with sample mail; new mail keeps arriving. To add a server of your own, use these:</Typography>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'max-content minmax(0, 1fr)', columnGap: 2, rowGap: 0.5, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
        {facts.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}><Mono>{value}</Mono></dd>])}
      </Box>
    </Box>
  )
}
