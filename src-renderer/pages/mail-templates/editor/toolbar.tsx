import FormatBold from '@mui/icons-material/FormatBold'
import FormatItalic from '@mui/icons-material/FormatItalic'
import FormatListBulleted from '@mui/icons-material/FormatListBulleted'
import FormatListNumbered from '@mui/icons-material/FormatListNumbered'
import FormatQuote from '@mui/icons-material/FormatQuote'
import FormatUnderlined from '@mui/icons-material/FormatUnderlined'
import HorizontalRule from '@mui/icons-material/HorizontalRule'
import ImageOutlined from '@mui/icons-material/ImageOutlined'
import Link from '@mui/icons-material/Link'
import Redo from '@mui/icons-material/Redo'
import StrikethroughS from '@mui/icons-material/StrikethroughS'
import Undo from '@mui/icons-material/Undo'
import { Box, IconButton, type SvgIconProps } from '@mui/material'
import type { Editor } from '@tiptap/core'
import { useRef, useState, type ComponentType, type KeyboardEvent } from 'react'
import { MenuButton } from '../../../components/select-menu.tsx'
import { LinkLine } from './link-line.tsx'
import { PictureLine } from './picture-line.tsx'
import { pictureKinds, pictureWords } from './picture.ts'
import { PlaceholderMenu } from './placeholder-menu.tsx'
import { tableEntries } from './table-entries.ts'

type Needs = { editor: Editor | null; linking: boolean; onLinking: (linking: boolean) => void; onFiles: (files: File[]) => void }
type Tool = { label: string; keys: string; Icon: ComponentType<SvgIconProps>; isOn?: (editor: Editor) => boolean; canDo?: (editor: Editor) => boolean; act: (editor: Editor) => void }

const tools: readonly Tool[] = [
  { label: 'Undo', keys: 'Ctrl+Z', Icon: Undo, canDo: (editor) => editor.can().undo(), act: (editor) => editor.chain().focus().undo().run() },
  { label: 'Redo', keys: 'Ctrl+Y', Icon: Redo, canDo: (editor) => editor.can().redo(), act: (editor) => editor.chain().focus().redo().run() },
  { label: 'Bold', keys: 'Ctrl+B', Icon: FormatBold, isOn: (editor) => editor.isActive('bold'), act: (editor) => editor.chain().focus().toggleBold().run() },
  { label: 'Italic', keys: 'Ctrl+I', Icon: FormatItalic, isOn: (editor) => editor.isActive('italic'), act: (editor) => editor.chain().focus().toggleItalic().run() },
  { label: 'Underlined', keys: 'Ctrl+U', Icon: FormatUnderlined, isOn: (editor) => editor.isActive('underline'), act: (editor) => editor.chain().focus().toggleUnderline().run() },
  { label: 'Struck through', keys: 'Ctrl+Shift+S', Icon: StrikethroughS, isOn: (editor) => editor.isActive('strike'), act: (editor) => editor.chain().focus().toggleStrike().run() },
  { label: 'List', keys: 'Ctrl+Shift+8', Icon: FormatListBulleted, isOn: (editor) => editor.isActive('bulletList'), act: (editor) => editor.chain().focus().toggleBulletList().run() },
  { label: 'Numbered list', keys: 'Ctrl+Shift+7', Icon: FormatListNumbered, isOn: (editor) => editor.isActive('orderedList'), act: (editor) => editor.chain().focus().toggleOrderedList().run() },
  { label: 'Quotation', keys: 'Ctrl+Shift+B', Icon: FormatQuote, isOn: (editor) => editor.isActive('blockquote'), act: (editor) => editor.chain().focus().toggleBlockquote().run() },
  { label: 'Line across', keys: '', Icon: HorizontalRule, act: (editor) => editor.chain().focus().setHorizontalRule().run() }
]

/** What can be done to the text. One tool at a time is in the tab order; arrows go from one to the next (the toolbar pattern of WAI-ARIA). */
export const Toolbar = ({ editor, linking, onLinking, onFiles }: Needs) => {
  const [active, setActive] = useState(0)
  const bar = useRef<HTMLDivElement | null>(null)
  const picker = useRef<HTMLInputElement | null>(null)
  const style = styleOf(editor)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const buttons = [...(bar.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : step === undefined || at < 0 ? null : (at + step + buttons.length) % buttons.length
    if (next === null) return
    event.preventDefault()
    setActive(next)
    buttons[next]?.focus()
  }
  const tab = (place: number): { tabIndex: number; onFocus: () => void } => ({ tabIndex: place === active ? 0 : -1, onFocus: () => setActive(place) })
  const styles = [{ label: 'Text', level: 0 }, { label: 'Heading 1', level: 1 }, { label: 'Heading 2', level: 2 }, { label: 'Heading 3', level: 3 }] as const
  const setStyle = (level: 0 | 1 | 2 | 3): void => void setTimeout(() => (level === 0 ? editor?.chain().focus().setParagraph().run() : editor?.chain().focus().setHeading({ level }).run()), 0)
  const last = tools.length
  return (
    <Box>
      <Box ref={bar} role="toolbar" aria-label="Formatting" onKeyDown={onKeyDown} sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 0.25, mb: 0.5 }}>
        <MenuButton {...tab(0)} label={style} aria-label={`Style: ${style}`} variant="text" disabled={editor === null} items={styles.map(({ label, level }) => ({ label, onChoose: () => setStyle(level) }))} />
        {tools.map((tool, index) => (
          <IconButton
            key={tool.label} {...tab(index + 1)} aria-label={tool.label} title={tool.keys === '' ? tool.label : `${tool.label} (${tool.keys})`} aria-pressed={tool.isOn ? editor !== null && tool.isOn(editor) : undefined}
            aria-disabled={editor === null || tool.canDo?.(editor) === false || undefined} onClick={() => editor && tool.act(editor)} sx={look(editor !== null && (tool.isOn?.(editor) ?? false), editor !== null && tool.canDo?.(editor) === false)}
          ><tool.Icon /></IconButton>
        ))}
        <IconButton {...tab(last + 1)} aria-label="Link" title="Link (Ctrl+Shift+L)" aria-pressed={editor?.isActive('link') ?? false} onClick={() => onLinking(true)} sx={look(editor?.isActive('link') ?? false, false)}><Link /></IconButton>
        <IconButton {...tab(last + 2)} aria-label="Picture" title={`Picture: ${pictureWords} It can be pasted or dropped too.`} onClick={() => picker.current?.click()} sx={look(false, false)}><ImageOutlined /></IconButton>
        <MenuButton {...tab(last + 3)} label="Table" variant="text" disabled={editor === null} items={editor ? tableEntries(editor) : []} />
        <PlaceholderMenu {...tab(last + 4)} where="HTML" editor={editor} />
        <input ref={picker} type="file" accept={pictureKinds.join(',')} multiple hidden aria-label="Pictures to put in" onChange={(event) => { onFiles([...(event.target.files ?? [])]); event.target.value = '' }} />
      </Box>
      {editor && (linking || editor.isActive('link')) && <LinkLine key={String(editor.getAttributes('link')['href'] ?? '')} editor={editor} opened={linking} onDone={() => onLinking(false)} />}
      {editor?.isActive('image') && <PictureLine editor={editor} />}
    </Box>
  )
}

const look = (on: boolean, off: boolean) => ({ p: 0.5, ...(on ? { bgcolor: 'action.selected', color: 'text.primary' } : {}), ...(off ? { color: 'text.disabled' } : {}) })
const styleOf = (editor: Editor | null): string => ([1, 2, 3] as const).map((level) => (editor?.isActive('heading', { level }) ? `Heading ${level}` : null)).find((one) => one !== null) ?? 'Text'
