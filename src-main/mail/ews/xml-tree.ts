import { XMLParser } from 'fast-xml-parser'

/** An element of an answer without its namespace prefix; `text` is what stands directly in it. */
export type XmlNode = { name: string; attributes: Readonly<Record<string, string>>; text: string; children: readonly XmlNode[] }

/** What is deeper or larger than this is no answer of Exchange. */
const deepest = 60
const largest = 30_000_000

/** The root element; null where the text is no XML, or XML with a document type, which SOAP forbids (SOAP 1.1 3). */
export function readXml(text: string): XmlNode | null {
  if (text.length > largest || !/^\uFEFF?\s*<(?:\?xml|[A-Za-z_])/.test(text) || /<!(?:DOCTYPE|ENTITY)/i.test(text)) return null
  try {
    const parsed: unknown = parser.parse(text)
    return nodes(parsed, 0).find(({ name }) => !name.startsWith('?')) ?? null
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** The first child element along the path; null where one is missing. */
export function at(node: XmlNode | null, ...path: readonly string[]): XmlNode | null {
  return path.reduce<XmlNode | null>((found, name) => found?.children.find((child) => child.name === name) ?? null, node)
}

export const textAt = (node: XmlNode | null, ...path: readonly string[]): string => at(node, ...path)?.text ?? ''

/** The first element of this name anywhere below, itself included. */
export function within(node: XmlNode | null, name: string): XmlNode | null {
  if (node === null || node.name === name) return node
  for (const child of node.children) {
    const found = within(child, name)
    if (found) return found
  }
  return null
}

const parser = new XMLParser({
  preserveOrder: true, removeNSPrefix: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false,
  // Without it, numeric character references stay as they are.
  trimValues: false, htmlEntities: true
})

const textKey = '#text'
const attributesKey = ':@'

function nodes(parsed: unknown, depth: number): XmlNode[] {
  if (!Array.isArray(parsed) || depth > deepest) return []
  return parsed.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return []
    const found = Object.entries(entry as Record<string, unknown>).find(([key]) => key !== attributesKey)
    if (found === undefined || found[0] === textKey) return []
    const [name, content] = found
    const attributes = (entry as Record<string, unknown>)[attributesKey] as Record<string, string> | undefined
    return [{ name, attributes: attributes ?? {}, text: textOf(content), children: nodes(content, depth + 1) }]
  })
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return ''
  return content.map((entry: unknown) => (typeof entry === 'object' && entry !== null && textKey in entry ? String(entry[textKey]) : '')).join('')
}
