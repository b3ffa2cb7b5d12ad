import { Box, Button } from '@mui/material'
import type { Editor } from '@tiptap/core'
import { useState, type KeyboardEvent } from 'react'
import { TextLine } from '../../../components/fields.tsx'

/** The address of the link at the cursor, or of the one to be made; what is marked becomes the link, else the address itself. */
export const LinkLine = ({ editor, opened, onDone }: { editor: Editor; opened: boolean; onDone: () => void }) => {
  const present = String(editor.getAttributes('link')['href'] ?? '')
  const [href, setHref] = useState(present)
  const [fault, setFault] = useState<string | undefined>(undefined)
  const set = (): void => {
    const address = addressOf(href)
    if (address === null) return setFault('Enter an address that begins with https:, http:, mailto: or tel:.')
    const chain = editor.chain().focus().extendMarkRange('link')
    if (editor.state.selection.empty && present === '') chain.insertContent({ type: 'text', text: address, marks: [{ type: 'link', attrs: { href: address } }] }).run()
    else chain.setLink({ href: address }).run()
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Enter') set()
    else { onDone(); editor.commands.focus() }
  }
  return (
    <Box role="group" aria-label="Link" onKeyDown={onKeyDown} sx={{ display: 'flex', alignItems: 'end', gap: 0.75, mb: 0.75, flexWrap: 'wrap' }}>
      <Box sx={{ flex: '1 1 240px' }}><TextLine label="Address of the link" mono inputMode="url" value={href} onChange={setHref} error={fault} placeholder="https://desk.example.com/requests/{{number}}" autoFocus={opened} /></Box>
      <Button onClick={set}>Set link</Button>
      {present !== '' && <Button onClick={() => { editor.chain().focus().extendMarkRange('link').unsetLink().run(); onDone() }}>Take the link off</Button>}
      {opened && present === '' && <Button onClick={() => { onDone(); editor.commands.focus() }}>Cancel</Button>}
    </Box>
  )
}

/** An address with its scheme; null where it is none that mail programs open. */
const addressOf = (typed: string): string | null => {
  const address = typed.trim()
  if (/^(?:https?:\/\/|mailto:|tel:)\S+$/i.test(address)) return address
  if (/^[^\s@/:]+@[^\s@/]+$/.test(address)) return `mailto:${address}`
  return /^[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$/.test(address) ? `https://${address}` : null
}
