import type { Settings } from '#contract/settings.ts'

/** A subject of ours without the identifier of e-mail commands: with it the reply of a technician would be a command. Taking it out leaves no other one. */
export function withoutIdentifier(subject: string, { enabled, subjectContains }: Settings['processing']['emailCommand']): string {
  if (!enabled) return subject
  let left = subject
  for (let at = placeIn(left, subjectContains); at !== -1; at = placeIn(left, subjectContains)) left = `${left.slice(0, at)}${left.slice(at + subjectContains.length)}`
  return left.replace(/ {2,}/g, ' ').trim()
}

const placeIn = (text: string, part: string): number => text.toLowerCase().indexOf(part.toLowerCase())
