import type { Person, PersonDraft, RequestRight } from '#contract/person.ts'

export const rightWords: Record<RequestRight, { label: string; helper: string }> = {
  edit: { label: 'Edit requests', helper: 'Operation=EditRequest: set the fields that the template allows.' },
  close: { label: 'Close requests', helper: 'Operation=CloseRequest.' },
  'pick-up': { label: 'Pick requests up', helper: 'Operation=PickupRequest: become their technician.' }
}

export const sourceWords: Record<Person['source'], string> = { mail: 'a mail from that address', console: 'this console or the command line', import: 'a CSV file' }

/** "User · Analyst". */
export const roleText = ({ user, analyst }: PersonDraft): string => [...(user ? ['User'] : []), ...(analyst ? ['Analyst'] : [])].join(' · ') || 'neither'

/** What of e-mail commands a person may do, as short as a table wants it. An analyst of whom nothing is named may do all. */
export const rightsText = ({ signIn, analyst, rights }: PersonDraft): string => {
  if (!signIn) return 'not carried out'
  if (analyst && rights.length === 0) return 'all'
  return ['add', ...rights].join(', ').replace('pick-up', 'pick up')
}

/** Which requests the ticked rights are for, as a sentence. */
export const rightsScope = ({ analyst, rights }: PersonDraft): string => {
  if (!analyst) return 'New requests always. What is ticked, only on requests of their own.'
  return rights.length === 0 ? 'Nothing is ticked: an analyst may then do all of it, on every request.' : 'New requests always. What is ticked, on every request.'
}
