/** A size as people read it: `346 bytes`, `609 KB`, `4.2 MB`, `1.5 GB`. */
export function sizeText(bytes: number): string {
  const step = bytes >= 1e9 ? 1e8 : bytes >= 1e6 ? 1e5 : bytes >= 1e3 ? 1e3 : 1
  return step === 1 ? `${bytes} bytes` : step === 1e3 ? `${Math.round(bytes / 1e3)} KB` : `${Math.round(bytes / step) / 10} ${bytes >= 1e9 ? 'GB' : 'MB'}`
}
