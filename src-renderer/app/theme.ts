import { createTheme, type CssVarsThemeOptions, type ThemeOptions } from '@mui/material/styles'

const light = {
  primary: { main: '#1d5fc2', dark: '#164a99', contrastText: '#ffffff' },
  success: { main: '#1a7440' }, warning: { main: '#8a5800' }, error: { main: '#b3261e' }, info: { main: '#3f5873' },
  text: { primary: '#1b2128', secondary: '#515c69', disabled: '#6b7683' },
  background: { default: '#f3f4f6', paper: '#ffffff' }, divider: '#d8dde3',
  action: { hover: 'rgba(27, 33, 40, 0.045)', selected: 'rgba(29, 95, 194, 0.10)', disabled: '#6b7683', disabledBackground: '#e6e9ed' }
}
const dark = {
  primary: { main: '#82b4f8', dark: '#a5cafb', contrastText: '#0e1d33' },
  success: { main: '#67cb90' }, warning: { main: '#e6b450' }, error: { main: '#ff9a90' }, info: { main: '#a9bdd3' },
  text: { primary: '#e5e9ee', secondary: '#a4afbc', disabled: '#8893a0' },
  background: { default: '#12161b', paper: '#1a1f26' }, divider: '#313944',
  action: { hover: 'rgba(229, 233, 238, 0.06)', selected: 'rgba(130, 180, 248, 0.16)', disabled: '#8893a0', disabledBackground: '#2a313a' }
}

const focusRing = { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 1 }
const edge = '1px solid var(--mui-palette-divider)'

const parts: ThemeOptions['components'] = {
  MuiButtonBase: { defaultProps: { disableRipple: true, disableTouchRipple: true }, styleOverrides: { root: { fontFamily: 'inherit', '&.Mui-focusVisible': focusRing } } },
  MuiButton: {
    defaultProps: { disableElevation: true, size: 'small', variant: 'outlined', color: 'inherit' },
    styleOverrides: {
      root: {
        textTransform: 'none', fontWeight: 500, lineHeight: 1.4, padding: '4px 12px', minHeight: 30, minWidth: 0, whiteSpace: 'nowrap',
        variants: [{ props: { variant: 'outlined', color: 'inherit' }, style: { borderColor: 'var(--mui-palette-divider)', backgroundColor: 'var(--mui-palette-background-paper)', '&:hover': { borderColor: 'var(--mui-palette-text-disabled)' } } }, { props: { variant: 'text' }, style: { padding: '4px 8px' } }]
      },
      startIcon: { marginRight: 6, '& > *:nth-of-type(1)': { fontSize: 16 } }
    }
  },
  MuiIconButton: { defaultProps: { size: 'small' }, styleOverrides: { root: { borderRadius: 4, color: 'var(--mui-palette-text-secondary)' } } },
  MuiSvgIcon: { defaultProps: { fontSize: 'small' }, styleOverrides: { fontSizeSmall: { fontSize: 18 } } },
  MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
  MuiDialog: { styleOverrides: { paper: { border: edge, boxShadow: '0 16px 48px rgba(0, 0, 0, 0.28)', borderRadius: 8 } } },
  MuiDialogTitle: { styleOverrides: { root: { fontSize: 15, fontWeight: 600, padding: '12px 20px' } } },
  MuiDialogContent: { styleOverrides: { root: { padding: '16px 20px' } } },
  MuiDialogActions: { styleOverrides: { root: { padding: '10px 20px', gap: 8, flexWrap: 'wrap', '& > :not(style) ~ :not(style)': { marginLeft: 0 } } } },
  MuiMenu: { styleOverrides: { paper: { border: edge, boxShadow: '0 8px 24px rgba(0, 0, 0, 0.22)', borderRadius: 6 }, list: { padding: '4px 0' } } },
  MuiMenuItem: { defaultProps: { dense: true }, styleOverrides: { root: { minHeight: 32, fontSize: 13, gap: 8 } } },
  MuiPopover: { styleOverrides: { paper: { border: edge, boxShadow: '0 8px 24px rgba(0, 0, 0, 0.22)', borderRadius: 6 } } },
  MuiOutlinedInput: {
    defaultProps: { size: 'small' },
    styleOverrides: {
      root: { fontSize: 13, backgroundColor: 'var(--mui-palette-background-paper)', '& .MuiOutlinedInput-notchedOutline': { borderColor: 'var(--mui-palette-text-disabled)', opacity: 0.75 }, '&.Mui-focused .MuiOutlinedInput-notchedOutline': { opacity: 1 }, '&.Mui-error .MuiOutlinedInput-notchedOutline': { opacity: 1 }, '&.Mui-disabled': { backgroundColor: 'var(--mui-palette-action-disabledBackground)' } },
      input: { padding: '6px 10px', height: 20, '&.mono': { fontFamily: "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace", fontSize: 12.5 } }, multiline: { padding: '6px 10px', '& textarea.MuiInputBase-input': { padding: 0 } }
    }
  },
  MuiSelect: { styleOverrides: { select: { minHeight: 20, lineHeight: '20px' } } },
  MuiFormHelperText: { styleOverrides: { root: { margin: '3px 0 0', fontSize: 12, lineHeight: 1.4 } } },
  MuiCheckbox: { defaultProps: { size: 'small' }, styleOverrides: { root: { padding: 4, '&.Mui-focusVisible': focusRing, borderRadius: 4 } } },
  MuiRadio: { defaultProps: { size: 'small' }, styleOverrides: { root: { padding: 4, '&.Mui-focusVisible': focusRing } } },
  MuiFormControlLabel: { styleOverrides: { root: { marginLeft: -4, marginRight: 0 }, label: { fontSize: 13 } } },
  MuiTooltip: { defaultProps: { enterDelay: 400 }, styleOverrides: { tooltip: { fontSize: 12, fontWeight: 400, backgroundColor: '#2b333d', color: '#f2f5f8', maxWidth: 360 } } },
  MuiChip: { styleOverrides: { root: { height: 22, borderRadius: 4, fontSize: 12 } } },
  MuiLinearProgress: { styleOverrides: { root: { height: 4, borderRadius: 2 } } },
  MuiLink: { defaultProps: { underline: 'hover' } },
  MuiTabs: { styleOverrides: { root: { minHeight: 34 }, indicator: { height: 2 } } },
  MuiTab: { styleOverrides: { root: { minHeight: 34, padding: '6px 12px', textTransform: 'none', fontWeight: 500, fontSize: 13, minWidth: 0 } } },
  MuiBadge: { styleOverrides: { badge: { fontSize: 11, height: 16, minWidth: 16, padding: '0 4px', fontWeight: 600 } } },
  MuiCssBaseline: { styleOverrides: { time: { fontVariantNumeric: 'tabular-nums' }, '*:focus-visible': focusRing } }
}

const options: CssVarsThemeOptions & ThemeOptions = {
  cssVariables: { colorSchemeSelector: 'data-theme' },
  defaultColorScheme: 'light',
  colorSchemes: { light: { palette: light }, dark: { palette: dark } },
  shape: { borderRadius: 5 },
  spacing: 8,
  typography: {
    fontFamily: '"Inter Variable", "Segoe UI", system-ui, sans-serif', fontSize: 13, htmlFontSize: 16,
    body1: { fontSize: 13, lineHeight: 1.5 }, body2: { fontSize: 13, lineHeight: 1.45 }, caption: { fontSize: 12, lineHeight: 1.4 },
    h1: { fontSize: 19, fontWeight: 600, lineHeight: 1.3, letterSpacing: '-0.01em' }, h2: { fontSize: 14, fontWeight: 600, lineHeight: 1.4 }, h3: { fontSize: 13, fontWeight: 600, lineHeight: 1.4 },
    button: { fontSize: 13 }
  },
  components: parts
}

/** The console's own look: dense, calm, one accent, contrast AA in light and dark. */
export const theme = createTheme(options)
