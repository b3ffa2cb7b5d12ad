/** Whether every word that was typed stands somewhere in what a command is called by; `e-mail` and `email` are one word, and so are both apostrophes. */
export const fits = (command: { label: string; words: string; kind: string }, query: string): boolean => {
  const text = plain(`${command.label} ${command.words} ${command.kind}`)
  const all = `${text} ${joined(text)}`
  return plain(query).split(/[\s/,]+/).every((word) => all.includes(word) || all.includes(joined(word)))
}

const plain = (text: string): string => text.toLowerCase().replaceAll('’', "'")
/** Without the hyphens inside words: one that was typed last still waits for its second half. */
const joined = (text: string): string => text.replaceAll(/(?<=\w)-(?=\w)/g, '')
