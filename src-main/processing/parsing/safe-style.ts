/** Properties that change how a text looks and cannot take it out of its place. */
const allowed = /^(?:color|background(?:-color|-image|-repeat|-position|-size)?|font(?:-family|-size|-style|-weight|-variant)?|text-(?:align|decoration|indent|transform)|line-height|letter-spacing|word-(?:spacing|break|wrap)|overflow-wrap|white-space|vertical-align|(?:margin|padding)(?:-(?:top|right|bottom|left))?|(?:min-|max-)?(?:width|height)|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width|radius))?|border-(?:collapse|spacing)|list-style(?:-type|-position)?|table-layout|direction|float|clear|display|mso-[a-z-]+)$/
const functions = /[a-z-]+\s*\(/gi
const harmlessFunction = /^(?:rgba?|hsla?)\s*\($/i
const remoteUrl = /^url\(\s*["']?(https?:\/\/[^"'()\\\s]{1,2000})["']?\s*\)/i

/** What is left of a style attribute; `remote` tells whether something that would be loaded was taken out. */
export type SafeStyle = { style: string; remote: boolean }

/** Leaves only declarations that neither load anything (unless `remoteContent`) nor move the text out of its place. */
export function safeStyle(style: string, remoteContent: boolean): SafeStyle {
  const kept: string[] = []
  let remote = false
  for (const declaration of splitDeclarations(style.slice(0, 10_000))) {
    const colon = declaration.indexOf(':')
    const property = declaration.slice(0, colon).trim().toLowerCase()
    const value = declaration.slice(colon + 1).trim()
    if (colon < 1 || !allowed.test(property) || property.startsWith('mso-') || value === '') continue
    const url = property.startsWith('background') && !/[\\<>]/.test(value) ? remoteUrl.exec(value) : null
    if (url !== null) {
      remote ||= !remoteContent
      if (remoteContent) kept.push(`${property}:url("${url[1]}")`)
    } else if (isHarmless(property, value)) kept.push(`${property}:${value}`)
  }
  return { style: kept.join(';'), remote }
}

/** Semicolons within parentheses belong to an address. */
function splitDeclarations(style: string): string[] {
  const found: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < style.length; at++) {
    const letter = style[at]
    if (letter === '(') depth++
    else if (letter === ')') depth = Math.max(0, depth - 1)
    else if (letter === ';' && depth === 0) {
      found.push(style.slice(from, at))
      from = at + 1
    }
  }
  return [...found, style.slice(from)]
}

function isHarmless(property: string, value: string): boolean {
  if (/[\\<>@{}]|\/\*|javascript/i.test(value) || value.length > 500) return false
  if ((value.match(functions) ?? []).some((name) => !harmlessFunction.test(name))) return false
  if (property.startsWith('margin') && /(?:^|\s)-/.test(value)) return false
  if (property === 'display') return /^(?:none|block|inline|inline-block|table|table-row|table-cell|list-item)(?:\s*!important)?$/i.test(value)
  return true
}
