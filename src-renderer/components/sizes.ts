/** "412 bytes", "3.2 KB", "50 MB", "81 GB"; decimal units as in the configuration file. */
export const sizeText = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} bytes`
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'KB'] : bytes < 1_000_000_000 ? [bytes / 1_000_000, 'MB'] : [bytes / 1_000_000_000, 'GB']
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`
}

/** "1 204": digits in groups, so that large counts can be read. */
export const countText = (count: number): string => count.toLocaleString('en-GB').replaceAll(',', ' ')

/** "1 message", "3 messages". */
export const plural = (count: number, one: string, many = `${one}s`): string => `${countText(count)} ${count === 1 ? one : many}`
