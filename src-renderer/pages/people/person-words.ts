import type { Person, PersonDraft, RequestRight } from '#contract/person.ts'

export const rightWords: Record<RequestRight, { label: string; helper: string }> = {
  edit: { label: 'Edit requests', helper: 'Operation=EditRequest: set the fields that the template allows.' },
  close: { label: 'Close requests', helper: 'Operation=CloseRequest.' },
  'pick-up': { label: 'Pick requests up', helper: 'Operation=PickupRequest: become their technician.' }
}

export const sourceWords: Record<Person['source'], string> = { mail: 'a mail from that address', console: 'this console or the command line', import: 'a CSV file' }

/** "User · Analyst". */
export const roleText = ({ user, analyst }: PersonDraft): string => [...(user ? ['User'] : []), ...(analyst ? ['Analyst'] : [])].join(' · ') || 'neither'

/** What of e-mail commands a person may do, as short as a table wants it. */
export const rightsText = ({ signIn, rights }: PersonDraft): string => (!signIn ? 'not carried out' : rights.length === 0 ? 'add' : ['add', ...rights].join(', ').replace('pick-up', 'pick up'))
