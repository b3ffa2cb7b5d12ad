import { Box, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material'
import { useEffect, useState } from 'react'
import { mailTemplate, type MailTemplate, type TemplatePreview } from '#contract/mail-template.ts'
import type { Problem } from '#contract/problem.ts'
import { TextLine } from '../../components/fields.tsx'
import { MailFrame } from '../../components/mail-frame.tsx'
import { MonoBlock } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

type Needs = { template: MailTemplate; number: string; onNumber: (number: string) => void }

/** The mail as a recipient would see it, a moment after each change: on a made-up request, or on one by its number. */
export const PreviewPane = ({ template, number, onNumber }: Needs) => {
  const [width, setWidth] = useState<'wide' | 'narrow'>('wide')
  const [part, setPart] = useState<'html' | 'text'>('html')
  const { preview, problem, waits } = usePreview(template, number)
  const shown = template.html === null ? 'text' : part
  return (
    <Box component="section" aria-label="Preview" sx={{ display: 'grid', gap: 1, minWidth: 0, alignContent: 'start' }}>
      <Box sx={{ display: 'flex', alignItems: 'end', gap: 1, flexWrap: 'wrap' }}>
        <Typography variant="h2" sx={{ flex: 1, pb: 0.5 }}>Preview</Typography>
        <TextLine label="Filled in from request" width={150} inputMode="numeric" value={number} onChange={onNumber} placeholder="an example" error={isNumber(number) ? undefined : 'A whole number.'} />
        {template.html !== null && <Switch label="Shown part" value={part} options={[['html', 'HTML'], ['text', 'Text']]} onChange={setPart} />}
        <Switch label="Width of the preview" value={width} options={[['wide', 'Wide'], ['narrow', 'Phone']]} onChange={setWidth} />
      </Box>
      {waits && <Box role="status" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">The preview waits until what is marked is right.</StatusMark></Box>}
      {problem && <ProblemNotice problem={problem} />}
      {preview && (
        <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden', width: width === 'wide' ? '100%' : 360, maxWidth: '100%', mx: 'auto' }}>
          <Box sx={{ px: 1.5, py: 1, borderBottom: 1, borderColor: 'divider', overflowWrap: 'anywhere' }}><Box component="span" sx={{ color: 'text.secondary' }}>Subject: </Box><Box component="span" sx={{ fontWeight: 600 }} data-preview="subject">{preview.subject}</Box></Box>
          {shown === 'html' && preview.html !== null ? <MailFrame html={preview.html} title="Preview of the HTML" address={null} /> : <Box sx={{ '& pre': { border: 0, borderRadius: 0, px: 1.5 } }}><MonoBlock text={preview.text} label="Preview of the text" maxHeight={460} /></Box>}
        </Box>
      )}
    </Box>
  )
}

export const isNumber = (typed: string): boolean => /^(?:|[1-9]\d{0,9})$/.test(typed.trim())
export const requestOf = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed.trim()))

const Switch = <Value extends string>({ label, value, options, onChange }: { label: string; value: Value; options: readonly (readonly [Value, string])[]; onChange: (value: Value) => void }) => (
  <ToggleButtonGroup exclusive size="small" aria-label={label} value={value} onChange={(_event, next: Value | null) => next !== null && onChange(next)}>
    {options.map(([name, words]) => <ToggleButton key={name} value={name} sx={{ textTransform: 'none', px: 1, py: 0.25, fontSize: 12.5, minHeight: 30, color: 'text.secondary', '&.Mui-selected': { color: 'text.primary' } }}>{words}</ToggleButton>)}
  </ToggleButtonGroup>
)

const pauseMs = 400

/** Asks for the preview when nothing was typed for a moment; what is wrong in the template is said at its fields. */
function usePreview(template: MailTemplate, number: string): { preview: TemplatePreview | null; problem: Problem | null; waits: boolean } {
  const [preview, setPreview] = useState<TemplatePreview | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const waits = !mailTemplate.safeParse(template).success || !isNumber(number)
  const asked = waits ? null : JSON.stringify({ template, request: requestOf(number) })
  useEffect(() => {
    if (asked === null) return
    let overtaken = false
    const timer = setTimeout(() => {
      callMain('template.preview', JSON.parse(asked) as { template: MailTemplate; request: number | null }).then(
        (value) => { if (!overtaken) { setPreview(value); setProblem(null) } },
        (thrown: unknown) => { if (!overtaken) setProblem(problemOf(thrown)) }
      )
    }, pauseMs)
    return () => { overtaken = true; clearTimeout(timer) }
  }, [asked])
  return { preview, problem, waits }
}
