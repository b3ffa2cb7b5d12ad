/** A small mail as RFC 5322 wants it, in base64: what was typed into a form, to be tried. Anything that would begin another header line is taken out. */
export const writtenMail = (mail: { from: string; to: string; subject: string; text: string }, at: Date): string => {
  const head = [
    `From: ${headerText(mail.from)}`, `To: ${headerText(mail.to)}`, `Subject: ${encodedWords(headerText(mail.subject))}`, `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <try-${at.getTime()}-${Math.random().toString(36).slice(2, 10)}@mailroom.invalid>`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'
  ]
  return btoa(`${head.join('\r\n')}\r\n\r\n${base64Of(mail.text).replace(/.{76}/g, '$&\r\n')}\r\n`)
}

const headerText = (text: string): string => text.replace(/[\r\n\u0000]+/g, ' ').trim()
const base64Of = (text: string): string => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))

/** A header text as encoded words of RFC 2047 where it is not ASCII: at most 75 characters each, no character split between two. */
const encodedWords = (text: string): string => {
  if (/^[ -~]*$/.test(text) && !text.includes('=?')) return text
  const pieces: string[] = []
  let piece = ''
  for (const char of text) {
    if (new TextEncoder().encode(piece + char).length > 42) {
      pieces.push(piece)
      piece = ''
    }
    piece += char
  }
  return [...pieces, piece].map((each) => `=?utf-8?B?${base64Of(each)}?=`).join('\r\n ')
}
