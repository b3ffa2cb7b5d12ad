/** Text as a simple HTML document: paragraphs, line breaks and links, nothing else. */
export function textAsHtml(text: string): string {
  const paragraphs = text.replace(/\r\n?/g, '\n').split(/\n{2,}/).map((paragraph) => `<p>${withLinks(paragraph).replaceAll('\n', '<br>')}</p>`)
  return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${paragraphs.join('\n')}</body></html>`
}

export const escapedHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** What follows a URL in a sentence, such as the full stop, does not belong to it. */
const withLinks = (text: string): string =>
  text.split(/(https?:\/\/[^\s<>"]{1,2000})/).map((piece, index) => {
    if (index % 2 === 0) return escapedHtml(piece)
    const url = piece.replace(/[.,;:!?')\]]{1,20}$/, '')
    return `<a href="${escapedHtml(url)}">${escapedHtml(url)}</a>${escapedHtml(piece.slice(url.length))}`
  }).join('')
