import type { EarlierConfiguration } from '#contract/calls.ts'
import { clockText } from '../../components/times.tsx'
import type { PickedFile } from './picked-file.ts'

/** What can stand on one side. */
export type Source = { id: string; title: string; yaml: string | null; earlier: number | null }

/** All that can be compared: this console, the files that were chosen, and the earlier configurations. `yaml` is null until it is asked for. */
export const sourcesOf = (present: string | null, files: readonly (PickedFile | null)[], earlier: readonly EarlierConfiguration[]): Source[] => [
  { id: 'console', title: 'This console', yaml: present, earlier: null },
  ...files.flatMap((file) => (file === null ? [] : [{ id: `file-${file.turn}`, title: file.name, yaml: file.yaml, earlier: null }])),
  ...earlier.map(({ id, at, before }) => ({ id: `earlier-${id}`, title: `${clockText(at, Date.now())}, before ${before}`, yaml: null, earlier: id }))
]
