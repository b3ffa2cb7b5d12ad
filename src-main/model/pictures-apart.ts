/** A picture that stood in HTML as a data: URL (RFC 2397). `contentId` has no angle brackets. */
export type Picture = { contentId: string; mediaType: string; base64: string }

/** HTML whose pictures are named by their Content-ID (RFC 2392) instead of standing in it; the same picture is named twice and taken out once. */
export function picturesApart(html: string, contentIdOf: (number: number) => string): { html: string; pictures: Picture[] } {
  const pictures = new Map<string, Picture>()
  const apart = html.replace(pictureInData, (whole: string, before: string, quote: string, mediaType: string, written: string) => {
    const base64 = written.replace(/\s+/g, '')
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return whole
    const key = `${mediaType.toLowerCase()},${base64}`
    const picture = pictures.get(key) ?? { contentId: contentIdOf(pictures.size + 1), mediaType: mediaType.toLowerCase(), base64 }
    pictures.set(key, picture)
    return `${before}${quote}cid:${picture.contentId}${quote}`
  })
  return { html: apart, pictures: [...pictures.values()] }
}

/** `src="data:image/png;base64,…"` of a picture. */
const pictureInData = /(<img\b[^<>]{0,2000}?\bsrc\s{0,20}=\s{0,20})(["'])data:(image\/[\w.+-]{1,100});base64,([A-Za-z0-9+/=\s]+)\2/gi
