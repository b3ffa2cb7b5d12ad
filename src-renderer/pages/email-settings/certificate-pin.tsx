import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { CertificateSeen, Problem } from '#contract/problem.ts'
import { TextLine } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { fullTime } from '../../components/times.tsx'
import { problemOf } from '../../main-process/call-main.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { Danger } from './form-section.tsx'

type PinNeeds = { pin: string | null; error: string | undefined; disabled: boolean; onPin: (pin: string | null) => void; look: (() => Promise<CertificateSeen>) | null; why: string }

/** The one certificate that is accepted, and a look at the one that the server shows now. */
export const CertificatePin = ({ pin, error, disabled, onPin, look, why }: PinNeeds) => {
  const [seen, setSeen] = useState<CertificateSeen | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [looking, setLooking] = useState(false)
  const lookNow = async (): Promise<void> => {
    if (look === null) return
    setLooking(true)
    setSeen(null)
    setProblem(null)
    await look().then(setSeen, (thrown: unknown) => setProblem(problemOf(thrown)))
    setLooking(false)
  }
  return (
    <Box>
      <TextLine
        name="tls.pin" label="Pinned certificate (SHA-256)" mono value={pin ?? ''} onChange={(value) => onPin(value.trim() || null)} error={error} disabled={disabled} helper="Empty: the certificate must be valid and trusted."
        suffix={<Button variant="text" disabled={look === null || looking} title={look === null ? why : undefined} onClick={() => void lookNow()}>{looking ? 'Looking…' : 'Look at the certificate'}</Button>}
      />
      {problem && <Box sx={{ mt: 1 }}><ProblemNotice problem={problem} /></Box>}
      {seen && (
        <Box sx={{ mt: 1, p: 1.25, border: 1, borderColor: 'divider', borderRadius: 1 }}>
          <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '84px minmax(0, 1fr)', rowGap: 0.25, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
            <dt>Subject</dt><dd>{seen.subject}</dd><dt>Names</dt><dd>{seen.names.join(', ') || 'none'}</dd><dt>Issuer</dt><dd>{seen.issuer}</dd>
            <dt>Valid</dt><dd>{fullTime(seen.validFrom)} to {fullTime(seen.validTo)}</dd><dt>SHA-256</dt><dd><Mono>{seen.fingerprint256}</Mono></dd>
          </Box>
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', mt: 1, flexWrap: 'wrap' }}>
            <Button disabled={disabled || pin === seen.fingerprint256} onClick={() => onPin(seen.fingerprint256)}>{pin === seen.fingerprint256 ? 'Pinned' : 'Pin this certificate'}</Button>
            <Box sx={{ color: 'text.secondary', flex: 1, minWidth: 200 }}>First compare the SHA-256 with the administrator of the mail server, by another way than mail.</Box>
          </Box>
        </Box>
      )}
      {pin && <Box sx={{ mt: 1 }}><Danger>Only exactly this certificate is accepted: name, issuer and dates are no longer checked, and a renewed certificate stops the connection.</Danger></Box>}
    </Box>
  )
}
