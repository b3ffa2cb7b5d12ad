/**
 * Joins the lines of format=flowed text (RFC 3676): a line that ends with a space goes on in the next one of the same quote depth;
 * with `delSp` that space is not part of the text. Quoting is kept as `> `.
 */
export function unflowText(text: string, delSp: boolean): string {
  const out: string[] = []
  let paragraph: string[] = []
  let depth = 0
  const finish = (): void => {
    if (paragraph.length > 0) out.push((depth > 0 ? `${'>'.repeat(depth)} ` : '') + paragraph.join(''))
    paragraph = []
  }
  for (const line of text.split('\n')) {
    let quotes = 0
    while (line[quotes] === '>') quotes++
    const content = line.slice(line[quotes] === ' ' ? quotes + 1 : quotes)
    if (paragraph.length > 0 && (quotes !== depth || content === '-- ')) finish()
    depth = quotes
    const flows = content.endsWith(' ') && content !== '-- '
    paragraph.push(flows && delSp ? content.slice(0, -1) : content)
    if (!flows) finish()
  }
  finish()
  return out.join('\n')
}
