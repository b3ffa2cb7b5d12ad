import { ProblemError } from '#contract/problem.ts'
import { useAct } from '../../problems/toasts.tsx'

/** A file that was chosen in the browser; `turn` tells it from the same file chosen again. */
export type PickedFile = { name: string; yaml: string; turn: number }

let turns = 0

/** Reads a chosen file; one that cannot be read, such as one that was moved meanwhile, is said. */
export const usePickedFile = (onPick: (file: PickedFile) => void): ((file: File) => void) => {
  const act = useAct()
  return (file) => void act(async () => onPick({ name: file.name, yaml: await textOf(file), turn: ++turns }))
}

const textOf = (file: File): Promise<string> =>
  file.text().catch((thrown: unknown) => {
    throw new ProblemError({ code: 'file-unreadable', file: file.name, reason: thrown instanceof Error ? thrown.message : '' })
  })
