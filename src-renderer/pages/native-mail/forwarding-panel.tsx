import { Box, Link, Tab, Tabs, Typography } from '@mui/material'
import { Fragment, useState } from 'react'
import { forwardingGuideFor, forwardingGuides, type ForwardingGuide } from '#contract/forwarding-guides.ts'
import { CopyButton } from '../../components/copy-line.tsx'
import { dayText } from '../../components/days.tsx'
import { Details } from '../../components/details.tsx'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'

type Provider = ForwardingGuide['provider']
const audience = { administrator: 'as administrator', user: 'as the user of the mailbox' }

/** How a provider is made to forward a mailbox here, with the support address filled in. */
export const ForwardingPanel = ({ supportAddress }: { supportAddress: string | null }) => {
  const [provider, setProvider] = useState<Provider>('google-workspace')
  const found = forwardingGuides.find((guide) => guide.provider === provider)
  const guide = found && forwardingGuideFor(found, supportAddress ?? 'the support address')
  return (
    <Panel title="Forwarding instructions" actions={supportAddress && <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, minWidth: 0 }}><Mono>{supportAddress}</Mono><CopyButton what="support address to forward to" text={supportAddress} /></Box>}>
      <Tabs value={provider} onChange={(_event, next: Provider) => setProvider(next)} variant="scrollable" aria-label="Providers" sx={{ px: 0.5, borderBottom: 1, borderColor: 'divider' }}>
        {forwardingGuides.map((each) => <Tab key={each.provider} value={each.provider} label={each.name} id={`guide-${each.provider}`} aria-controls="guide" />)}
      </Tabs>
      <Box id="guide" role="tabpanel" aria-labelledby={`guide-${provider}`} sx={{ p: 1.5 }}>{guide && <Guide key={guide.provider} guide={guide} address={supportAddress ?? ''} />}</Box>
    </Panel>
  )
}

const Guide = ({ guide, address }: { guide: ForwardingGuide; address: string }) => (
  <Box sx={{ display: 'grid', gap: 1.5, maxWidth: 860, overflowWrap: 'anywhere' }}>
    {guide.ways.map((way) => (
      <Box key={way.title} component="section" aria-label={way.title}>
        <Typography variant="h3">{way.title}, {audience[way.for]}</Typography>
        <Box component="ol" sx={{ m: 0, mt: 0.5, pl: 2.5, display: 'grid', gap: 0.25 }}>{way.steps.map((step) => <li key={step}><Unbroken text={step} whole={address} /></li>)}</Box>
      </Box>
    ))}
    {guide.notes.length > 0 && <Box component="ul" aria-label="Notes" sx={{ m: 0, pl: 2.5, color: 'text.secondary', display: 'grid', gap: 0.25 }}>{guide.notes.map((note) => <li key={note}>{note}</li>)}</Box>}
    <Details label="What it does to the message" hint="headers"><Box sx={{ color: 'text.secondary' }}>{guide.headers}</Box></Details>
    <Details label={`Sources, read on ${dayText(guide.asOf)}`}>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>{guide.sources.map((source) => <li key={source}><Source text={source} /></li>)}</Box>
    </Details>
  </Box>
)

/** A text in which the address is not broken at its hyphen, and so can be read and marked in one piece. */
const Unbroken = ({ text, whole }: { text: string; whole: string }) =>
  whole === '' ? text : text.split(whole).map((part, index) => <Fragment key={index}>{index > 0 && <Box component="span" sx={{ display: 'inline-block', maxWidth: '100%' }}>{whole}</Box>}{part}</Fragment>)

/** A page of the provider as a link; what stands behind its address says whose it is. */
const Source = ({ text }: { text: string }) => {
  const [url = '', ...rest] = text.split(' ')
  return <><Link href={url} target="_blank" rel="noreferrer">{url}</Link>{rest.length > 0 && ` ${rest.join(' ')}`}</>
}
