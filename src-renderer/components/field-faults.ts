import { faultWords } from './fault-words.ts'

type Issue = { path: readonly PropertyKey[] | string; message: string }

/** Words by the dotted path of their field; the first of a field counts. `under` is the name that a call gives the whole, such as `person`. */
export const faultsByPath = (issues: readonly Issue[], under = ''): Record<string, string> => {
  const faults: Record<string, string> = {}
  for (const { path, message } of issues) {
    const dotted = (typeof path === 'string' ? path : path.map(String).join('.')).replace(/\[(\d+)\]/g, '.$1')
    faults[under !== '' && dotted.startsWith(`${under}.`) ? dotted.slice(under.length + 1) : dotted] ??= faultWords(message)
  }
  return faults
}

/** The first fault at a field or in it: that of a list's member belongs to the list. */
export const faultAt = (faults: Record<string, string>, path: string): string | undefined => faults[path] ?? faults[Object.keys(faults).find((known) => known.startsWith(`${path}.`)) ?? '']

/** Puts the focus into the first field that is marked, of a dialog or of the form `within`, once it is drawn. */
export const focusFirstFault = (within = '[role="dialog"]'): void =>
  void setTimeout(() => {
    const field = document.querySelector<HTMLElement>(`${within} .Mui-error`)?.closest<HTMLElement>('[data-field]')
    const written = field?.querySelector<HTMLElement>('[contenteditable="true"]')
    ;(written ?? field?.querySelector<HTMLElement>('input, textarea, [role="combobox"]'))?.focus()
    field?.scrollIntoView({ block: 'center' })
  }, 0)
