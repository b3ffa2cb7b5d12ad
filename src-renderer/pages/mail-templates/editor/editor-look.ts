/** How both editors look: as the other fields do, with chips for placeholders. Styles stand here because the page's policy lets no library write its own. */
export const editorLook = {
  '& .ProseMirror': {
    border: 1, borderColor: 'text.disabled', borderRadius: 1, bgcolor: 'background.paper', px: 1.25, py: 0.75, fontSize: 13, lineHeight: '20px', overflowWrap: 'anywhere', whiteSpace: 'break-spaces', fontVariantLigatures: 'none', position: 'relative',
    '&:focus-visible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: -1 }, '&[contenteditable="false"]': { bgcolor: 'action.disabledBackground', color: 'text.secondary' }, '&[aria-invalid="true"]': { borderColor: 'error.main' },
    '& p': { m: 0 }, '& .ProseMirror-selectednode': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 1 },
    '& .placeholder': { bgcolor: 'action.selected', color: 'text.primary', borderRadius: '3px', px: '5px', py: '1px', fontSize: 12, fontFamily: "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace", border: '1px solid var(--mui-palette-primary-main)', whiteSpace: 'nowrap', fontWeight: 400, fontStyle: 'normal' },
    '& .placeholder.unknown': { bgcolor: 'transparent', color: 'error.main', borderColor: 'error.main', textDecoration: 'wavy underline' },
    '& .ProseMirror-gapcursor': { display: 'none', position: 'absolute', pointerEvents: 'none', '&::after': { content: '""', display: 'block', position: 'absolute', top: -2, width: 20, borderTop: '1px solid currentColor' } }, '&.ProseMirror-focused .ProseMirror-gapcursor': { display: 'block' },
    '& .ProseMirror-separator': { display: 'inline !important', border: 'none !important', m: '0 !important', width: '0 !important', height: '0 !important' }, '& .ProseMirror-trailingBreak': { display: 'initial' }
  },
  '& .ProseMirror.of-html': {
    minHeight: 200, maxHeight: 340, overflow: 'auto', fontSize: 14, lineHeight: 1.5,
    '& p': { my: '0.6em' }, '& > :first-of-type': { mt: 0 }, '& h1': { fontSize: 22, my: '0.5em' }, '& h2': { fontSize: 18, my: '0.5em' }, '& h3': { fontSize: 15, my: '0.5em' }, '& ul, & ol': { pl: 3, my: '0.6em' }, '& li p': { my: 0 },
    '& blockquote': { borderLeft: '3px solid var(--mui-palette-divider)', ml: 0, pl: 1.5 }, '& a': { color: 'primary.main' }, '& img': { maxWidth: '100%', height: 'auto' }, '& table': { my: '0.6em', borderCollapse: 'collapse' }, '& td, & th': { verticalAlign: 'top', minWidth: 40, '& p': { my: 0 } }, '& .selectedCell': { bgcolor: 'action.selected' }
  },
  '& .ProseMirror.of-text': { minHeight: 200, maxHeight: 340, overflow: 'auto' }
} as const
