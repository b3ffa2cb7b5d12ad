import { convert, type HtmlToTextOptions } from 'html-to-text'

/** Longest HTML that is turned into text, in characters; what follows is left out. */
const longest = 300_000
const options: HtmlToTextOptions = {
  wordwrap: false,
  selectors: [{ selector: 'img', format: 'skip' }, { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } }]
}

/** Text of an HTML body as a person would read it. */
export const textFromHtml = (html: string): string => convert(html.slice(0, longest), options)
