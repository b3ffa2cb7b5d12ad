/** A file that was chosen in the browser; `turn` tells it from the same file chosen again. */
export type PickedFile = { name: string; yaml: string; turn: number }

let turns = 0

export const pickedFrom = async (file: File): Promise<PickedFile> => ({ name: file.name, yaml: await file.text(), turn: ++turns })
