import { sizeText } from '../../../components/sizes.ts'

/** Bytes that one picture may have: three such fit into the 5 MB that the HTML may have with its pictures as text. */
export const largestPicture = 1_200_000
export const pictureKinds = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const
export const pictureWords = `PNG, JPEG, GIF or WebP, at most ${sizeText(largestPicture)} each.`

/** Whether an address is a picture that is in the template itself, of a kind that mail programs show. */
export const isPicture = (address: string): boolean => /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/.test(address)

/** A file as a picture for the template, or why it is none. */
export async function pictureOf(file: File): Promise<{ src: string; alt: string; width: number } | string> {
  if (!pictureKinds.some((kind) => kind === file.type)) return `${file.name || 'The file'} cannot be put in. Take ${pictureWords}`
  if (file.size > largestPicture) return `${file.name || 'The picture'} has ${sizeText(file.size)}. Take ${pictureWords}`
  const src = await dataUrlOf(file)
  const drawn = new Image()
  drawn.src = src
  try {
    await drawn.decode()
  } catch {
    return `${file.name || 'The file'} is not a picture that can be shown.`
  }
  return { src, alt: file.name.replace(/\.[a-z0-9]+$/i, ''), width: Math.min(600, drawn.naturalWidth) }
}

const dataUrlOf = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error(file.name))
    reader.readAsDataURL(file)
  })
