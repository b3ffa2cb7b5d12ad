import { ProblemError } from '#contract/problem.ts'

/** The link or token of the next page of one list, as it is. Throws `provider-refused` for one that was followed before: such a list has no end. */
export function createOnward(server: string): (next: string) => string {
  const followed = new Set<string>()
  return (next) => {
    if (followed.has(next)) throw new ProblemError({ code: 'provider-refused', server, request: 'the list of messages', serverSaid: 'The list leads back to a page that was read already.' })
    followed.add(next)
    return next
  }
}
