import type { PriorityMatrix } from '#contract/request-values.ts'

/** A value as typed; its id stays while its name changes. */
export type Named = { id: number; name: string }
export type Weights = 'impacts' | 'urgencies' | 'priorities'
/** The matrix while it is edited: pairs go by id, so that typing a name loses no pair. `cells` maps "impact urgency" to the id of a priority. */
export type MatrixDraft = Record<Weights, Named[]> & { cells: Record<string, number> }

export const cellOf = (impact: Named, urgency: Named): string => `${impact.id} ${urgency.id}`

/** A matrix ready to be edited; ids count through all three lists. */
export const matrixDraft = ({ impacts, urgencies, priorities, matrix }: PriorityMatrix): MatrixDraft => {
  let next = 1
  const named = (names: readonly string[]): Named[] => names.map((name) => ({ id: next++, name }))
  const draft: MatrixDraft = { impacts: named(impacts), urgencies: named(urgencies), priorities: named(priorities), cells: {} }
  for (const { impact, urgency, priority } of matrix) {
    const [row, column, found] = [draft.impacts.find(({ name }) => name === impact), draft.urgencies.find(({ name }) => name === urgency), draft.priorities.find(({ name }) => name === priority)]
    if (row && column && found) draft.cells[cellOf(row, column)] = found.id
  }
  return draft
}

/** The matrix as it is stored: names without space around them, and without the pairs of what was taken away. */
export const matrixOf = ({ impacts, urgencies, priorities, cells }: MatrixDraft): PriorityMatrix => {
  const names = (list: readonly Named[]): string[] => list.map(({ name }) => name.trim())
  const matrix = impacts.flatMap((impact) =>
    urgencies.flatMap((urgency) => {
      const priority = priorities.find(({ id }) => id === cells[cellOf(impact, urgency)])
      return priority === undefined ? [] : [{ impact: impact.name.trim(), urgency: urgency.name.trim(), priority: priority.name.trim() }]
    })
  )
  return { impacts: names(impacts), urgencies: names(urgencies), priorities: names(priorities), matrix }
}

export const nextId = ({ impacts, urgencies, priorities }: MatrixDraft): number => Math.max(0, ...[...impacts, ...urgencies, ...priorities].map(({ id }) => id)) + 1

/** How many pairs have no priority. */
export const pairsWithout = (draft: MatrixDraft): number => draft.impacts.length * draft.urgencies.length - matrixOf(draft).matrix.length

/** Words by "list.index" for names that are empty or given twice, whatever their case. */
export const nameFaults = (draft: MatrixDraft): Record<string, string> => {
  const faults: Record<string, string> = {}
  for (const list of ['impacts', 'urgencies', 'priorities'] as const)
    draft[list].forEach(({ name }, index) => {
      const typed = name.trim().toLowerCase()
      if (typed === '') faults[`${list}.${index}`] = 'Enter a name, or take the line away.'
      else if (draft[list].slice(0, index).some((other) => other.name.trim().toLowerCase() === typed)) faults[`${list}.${index}`] = 'This name is given twice.'
    })
  return faults
}

const levels = ['High', 'Medium', 'Low']
const usualRows: Record<string, string[]> = { High: ['Critical', 'High', 'Medium'], Medium: ['High', 'Medium', 'Low'], Low: ['Medium', 'Low', 'Planning'] }

/** The common three by three of ITIL service operation: five priorities, both axes weigh alike. */
export const usualMatrix: PriorityMatrix = {
  impacts: levels, urgencies: levels, priorities: ['Critical', 'High', 'Medium', 'Low', 'Planning'],
  matrix: levels.flatMap((impact) => levels.map((urgency, index) => ({ impact, urgency, priority: usualRows[impact]?.[index] ?? 'Planning' })))
}
