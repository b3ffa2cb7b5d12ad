import { Box, Button, FormHelperText, Tab, Tabs } from '@mui/material'
import { useState } from 'react'
import type { MailTemplate } from '#contract/mail-template.ts'
import { useAsk } from '../../components/ask.tsx'
import { TextLine } from '../../components/fields.tsx'
import { FilterChoice } from '../../components/filter-choice.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { HtmlEditor } from './editor/html-editor.tsx'
import { lostInEditor } from './editor/kept-by-editor.ts'
import { PlaceholderFaults } from './editor/placeholder-faults.tsx'
import { PlainEditor } from './editor/plain-editor.tsx'
import { textOfHtml } from './editor/text-of-html.ts'

type Needs = { template: MailTemplate; onChange: (template: MailTemplate) => void; faults: Record<string, string>; disabled: boolean }
type View = 'html' | 'source' | 'text'

/** Subject, HTML and text of a mail. The text is made from the HTML until somebody writes it by hand. */
export const TemplateFields = ({ template, onChange, faults, disabled }: Needs) => {
  const { subject, text, html } = template
  const [follows, setFollows] = useState(() => html !== null && (text.trim() === '' || text === textOfHtml(html)))
  const [lost, setLost] = useState<string[]>(() => (html === null ? [] : lostInEditor(html)))
  const [view, setView] = useState<View>(html === null ? 'text' : lost.length > 0 ? 'source' : 'html')
  /** What was given up for text alone: it is there again when that is taken back. */
  const [givenUp, setGivenUp] = useState<{ html: string; follows: boolean } | null>(null)
  const ask = useAsk()
  const set = (part: Partial<MailTemplate>): void => onChange({ ...template, ...part })
  const setHtml = (next: string): void => set(follows ? { html: next, text: textOfHtml(next) } : { html: next })
  const open = async (next: View): Promise<void> => {
    const leftOut = next === 'html' && view !== 'html' ? lostInEditor(html ?? '') : []
    if (leftOut.length > 0 && !disabled && !(await ask({ title: 'The editor keeps less than this HTML has', body: `It would take out: ${leftOut.join(', ')}. The source stays as it is until you go there.`, confirm: 'Take it out', cancel: 'Stay', dangerous: true }))) return
    setLost([])
    setView(next)
  }
  const setFormat = (format: 'html' | 'text'): void => {
    setView(format === 'html' && givenUp !== null && lostInEditor(givenUp.html).length > 0 ? 'source' : format)
    if (format === 'text') {
      if (html !== null) setGivenUp({ html, follows })
      return set({ html: null })
    }
    setFollows(givenUp?.follows ?? true)
    set({ html: givenUp?.html ?? htmlOfText(text) })
  }
  const remake = (): void => {
    setFollows(true)
    set({ text: textOfHtml(html ?? '') })
    // The button goes with this; the focus must not be lost with it.
    document.getElementById('mail-tab-text')?.focus()
  }
  const bodyFault = worded(faults['html'])
  return (
    <Box sx={{ display: 'grid', gap: 1.25, minWidth: 0 }}>
      <PlainEditor label="Subject" name="subject" oneLine value={subject} onChange={(typed) => set({ subject: typed })} disabled={disabled} error={worded(faults['subject'])} helper="The number of the request is put into it by itself, so that answers find their way." below={<PlaceholderFaults text={subject} disabled={disabled} onChange={(next) => set({ subject: next })} />} />
      <Box sx={{ display: 'flex', alignItems: 'end', justifyContent: 'space-between', gap: 1, flexWrap: 'wrap', ...(html === null ? {} : { borderBottom: 1, borderColor: 'divider' }) }}>
        {html !== null && (
          <Tabs value={view} onChange={(_event, next: View) => void open(next)} aria-label="Parts of the mail" sx={{ minHeight: 34 }}>
            <Tab value="html" label="HTML" id="mail-tab-html" aria-controls="mail-part" />
            <Tab value="source" label="Source" id="mail-tab-source" aria-controls="mail-part" />
            <Tab value="text" label={faults['text'] === undefined ? 'Text' : 'Text – to correct'} id="mail-tab-text" aria-controls="mail-part" />
          </Tabs>
        )}
        <Box sx={{ pb: 0.5 }}><FilterChoice label="Format" width={230} value={html === null ? 'text' : 'html'} disabled={disabled} onChange={setFormat} options={[{ value: 'html', label: 'HTML, with text beside it' }, { value: 'text', label: 'Text alone', hint: 'Marks, links and pictures are given up.' }]} /></Box>
      </Box>
      <Box {...(html === null ? {} : { id: 'mail-part', role: 'tabpanel', 'aria-labelledby': `mail-tab-${view}` })} sx={{ minWidth: 0 }}>
        {/* Above the editor: below it they would often be out of sight. */}
        {html !== null && view !== 'text' && <PlaceholderFaults text={html} disabled={disabled} onChange={setHtml} />}
        {html !== null && view === 'html' && <HtmlEditor label="HTML" value={html} onChange={setHtml} disabled={disabled} error={bodyFault} />}
        {html !== null && view === 'source' && (
          <>
            {lost.length > 0 && <Box role="note" sx={{ mb: 0.75, '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">This HTML has more than the editor keeps ({lost.slice(0, 6).join(', ')}), so it is shown as source.</StatusMark></Box>}
            <TextLine label="HTML source" name="html" mono rows={14} value={html} onChange={setHtml} disabled={disabled} error={bodyFault} helper="Scripts, forms and what would be loaded from elsewhere are taken out when it is sent. Pictures stand in it as data: URLs." />
          </>
        )}
        {(html === null || view === 'text') && (
          <>
            <PlainEditor label="Text" name="text" value={text} onChange={(typed) => { setFollows(false); set({ text: typed }) }} disabled={disabled} error={worded(faults['text'])} below={<PlaceholderFaults text={text} disabled={disabled} onChange={(next) => { setFollows(false); set({ text: next }) }} />} />
            {html !== null && (
              <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mt: 0.5, flexWrap: 'wrap' }}>
                <FormHelperText component="div" role="status" sx={{ flex: 1 }}>{follows ? 'Made from the HTML, and made anew when that changes. Once you write in it, it is yours.' : 'Written by hand: it does not change with the HTML.'}</FormHelperText>
                {!follows && !disabled && <Button onClick={remake}>Make it from the HTML</Button>}
              </Box>
            )}
          </>
        )}
      </Box>
    </Box>
  )
}

/** Faults of placeholders are said by themselves, with what to do about each. */
const worded = (fault: string | undefined): string | undefined => (fault?.startsWith('There is no placeholder') ? '' : fault)

const htmlOfText = (text: string): string =>
  text.trim().split(/\n{2,}/).filter((paragraph) => paragraph !== '').map((paragraph) => `<p>${paragraph.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;').replaceAll('\n', '<br>')}</p>`).join('')
