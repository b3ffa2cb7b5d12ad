import { ProblemError } from '#contract/problem.ts'
import { decodedAs, plainlyDecoded } from '../../components/decode-file.ts'
import { useAct } from '../../problems/toasts.tsx'

/** A file that was chosen in the browser; `turn` tells it from the same file chosen again. */
export type PickedFile = { name: string; yaml: string; turn: number }

let turns = 0

/** Reads a chosen file; one that cannot be read, such as one that was moved meanwhile, is said. */
export const usePickedFile = (onPick: (file: PickedFile) => void): ((file: File) => void) => {
  const act = useAct()
  return (file) => void act(async () => onPick({ name: file.name, yaml: await textOf(file), turn: ++turns }))
}

/** Spreadsheets save CSV as UTF-16, or as what Windows used before. */
const textOf = async (file: File): Promise<string> => {
  const buffer = await file.arrayBuffer().catch((thrown: unknown) => {
    throw new ProblemError({ code: 'file-unreadable', file: file.name, reason: thrown instanceof Error ? thrown.message : '' })
  })
  const bytes = new Uint8Array(buffer)
  return plainlyDecoded(bytes) ?? decodedAs(bytes, 'windows-1252')
}

export const isCsvFile = ({ name }: Pick<PickedFile, 'name'>): boolean => /\.csv$/i.test(name)
