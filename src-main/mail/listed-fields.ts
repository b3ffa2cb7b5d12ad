/** A sender as people read it: name and address, or what there is of them. */
export const addressed = (name: string, address: string): string => (name === '' || name === address ? address : address === '' ? name : `${name} <${address}>`)

/** ISO 8601; null for what is no time. */
export const isoTime = (time: Date | string): string | null => {
  const at = new Date(time)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
