import { bytesOfBase64 } from './base64.ts'

/** Hands a file to the browser's download. */
export const saveFile = (file: { fileName: string; mediaType: string; base64: string }): void =>
  saveBytes(file.fileName, file.mediaType, bytesOfBase64(file.base64))

export const saveText = (fileName: string, mediaType: string, text: string): void => saveBytes(fileName, mediaType, new TextEncoder().encode(text))

const saveBytes = (fileName: string, mediaType: string, bytes: Uint8Array<ArrayBuffer>): void => saveBlob(fileName, new Blob([bytes], { type: mediaType }))

export const saveBlob = (fileName: string, file: Blob): void => {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** The bytes of a picked file in base64. */
export const readBase64 = (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'))
    reader.readAsDataURL(file)
  })
