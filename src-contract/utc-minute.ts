/** An ISO 8601 time in UTC as people read it: `2026-11-20 08:00 UTC`. */
export const utcMinute = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`
