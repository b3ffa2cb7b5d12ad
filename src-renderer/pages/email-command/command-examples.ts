/** Marks of an e-mail command as set on the page. */
export type Marks = { subjectContains: string; delimiter: string }
export type Operation = 'add' | 'edit' | 'close' | 'pick-up'
export type CommandMail = { subject: string; text: string }

export const operations: readonly { id: Operation; word: string; label: string; effect: string }[] = [
  { id: 'add', word: 'AddRequest', label: 'Add', effect: 'A new request with the given values. Without a requester, the sender is the requester.' },
  { id: 'edit', word: 'EditRequest', label: 'Change', effect: 'The given fields get their values; the others stay.' },
  { id: 'close', word: 'CloseRequest', label: 'Close', effect: 'Closed, with a resolution if one is given.' },
  { id: 'pick-up', word: 'PickupRequest', label: 'Pick up', effect: 'The sender becomes its technician.' }
]

const lines: Readonly<Record<Operation, readonly (readonly [string, string])[]>> = {
  add: [['Operation', 'AddRequest'], ['RequesterEmail', 'ann.meyer@example.com'], ['Category', 'Hardware'], ['Impact', 'Affects user'], ['Urgency', 'High']],
  edit: [['Operation', 'EditRequest'], ['RequestID', '123'], ['Priority', 'High'], ['Group', 'Network']],
  close: [['Operation', 'CloseRequest'], ['RequestID', '123'], ['Resolution', 'The toner was replaced.']],
  'pick-up': [['Operation', 'PickupRequest'], ['RequestID', '123']]
}
const subjects: Readonly<Record<Operation, string>> = { add: 'Laptop for a new colleague', edit: 'Printer on the 3rd floor', close: 'Printer on the 3rd floor', 'pick-up': 'Printer on the 3rd floor' }

/** A mail that does what it says, with the marks as they are typed now. */
export const commandMail = (operation: Operation, { subjectContains, delimiter }: Marks): CommandMail => ({
  subject: `${subjects[operation]} ${subjectContains}`,
  text: [...lines[operation].map(([field, value]) => `${delimiter}${field}=${value}${delimiter}`), ...(operation === 'add' ? ['@@res_301.qstn_select_302=ThinkPad T14@@', '', 'She starts on Monday and needs it on her desk.'] : [])].join('\n')
})
