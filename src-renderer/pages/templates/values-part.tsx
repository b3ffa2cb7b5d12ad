import { Box, Typography } from '@mui/material'
import { useMemo } from 'react'
import type { RequestTemplate } from '#contract/request-values.ts'
import type { Partition } from '#contract/settings.ts'
import { TextLine } from '../../components/fields.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'

export type TemplatePart = { draft: RequestTemplate; change: (part: Partial<RequestTemplate>) => void; faults: Record<string, string>; disabled: boolean }
type Value = 'category' | 'subCategory' | 'item' | 'requestType' | 'mode' | 'level' | 'impact' | 'urgency' | 'priority' | 'group' | 'technician' | 'site' | 'assignedOffice'

const groups: readonly { title: string; values: readonly { key: Value; label: string; helper?: string }[] }[] = [
  { title: 'Category', values: [{ key: 'category', label: 'Category' }, { key: 'subCategory', label: 'Subcategory' }, { key: 'item', label: 'Item' }] },
  { title: 'Priority', values: [{ key: 'impact', label: 'Impact', helper: 'As the partition’s matrix calls it.' }, { key: 'urgency', label: 'Urgency', helper: 'As the partition’s matrix calls it.' }, { key: 'priority', label: 'Priority', helper: 'Empty: by the matrix.' }] },
  { title: 'Assignment', values: [{ key: 'group', label: 'Group' }, { key: 'technician', label: 'Technician' }, { key: 'site', label: 'Site' }, { key: 'assignedOffice', label: 'Assigned office' }] },
  { title: 'Kind', values: [{ key: 'requestType', label: 'Request type' }, { key: 'mode', label: 'Mode' }, { key: 'level', label: 'Level' }] }
]

/** Which priority the matrices make of impact and urgency; undefined where there is nothing to say. */
const byMatrix = (partitions: readonly Partition[], { impact, urgency }: RequestTemplate): string | undefined => {
  if (impact.trim() === '' || urgency.trim() === '') return undefined
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.trim().toLowerCase()
  const found = partitions.filter(({ priorities }) => priorities.matrix.length > 0).map(({ name, priorities }) => ({ name, priority: priorities.matrix.find((row) => same(row.impact, impact) && same(row.urgency, urgency))?.priority ?? 'none' }))
  const [first] = found
  if (first === undefined) return 'No partition has a matrix: give the priority here.'
  return found.every(({ priority }) => priority === first.priority) ? `By the matrix: ${first.priority}.` : `By the matrix: ${found.map(({ name, priority }) => `${priority} in ${name}`).join(', ')}.`
}

/** What new requests begin with; an empty field sets nothing. */
export const ValuesPart = ({ draft, change, faults, disabled, renames }: TemplatePart & { renames: readonly string[] }) => {
  const partitions = useCall('partitions.list', {}).value
  const suggestions = useMemo((): Partial<Record<Value, string[]>> => {
    const all = (partitions ?? []).map(({ priorities }) => priorities)
    const once = (names: readonly string[]): string[] => [...new Set(names)]
    return { impact: once(all.flatMap(({ impacts }) => impacts)), urgency: once(all.flatMap(({ urgencies }) => urgencies)), priority: once(all.flatMap(({ priorities }) => priorities)) }
  }, [partitions])
  const given = draft.priority !== '' ? undefined : byMatrix(partitions ?? [], draft)
  return (
    <>
      <TextLine name="name" label="Name" width={320} value={draft.name} onChange={(name) => change({ name })} error={faults['name']} disabled={disabled} autoFocus={!disabled} helper="How servers and commands (RequestTemplate) name it. “Default” is used where none is named." />
      {renames.length > 0 && <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">{renames.join(', ')} {renames.length === 1 ? 'names' : 'name'} it by its present name and would begin with the default: choose the new name there afterwards.</StatusMark></Box>}
      {groups.map(({ title, values }) => (
        <Box key={title} role="group" aria-label={title} sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5 }}>
          <Typography variant="h3" sx={{ mb: 0.75 }}>{title}</Typography>
          <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: `repeat(${values.length}, minmax(0, 1fr))` }, gap: 1.5 }}>
            {values.map(({ key, label, helper }) => <TextLine key={key} name={key} label={label} value={draft[key]} onChange={(value) => change({ [key]: value })} error={faults[key]} disabled={disabled} helper={key === 'priority' ? (given ?? helper) : helper} suggestions={suggestions[key]} />)}
          </Box>
        </Box>
      ))}
    </>
  )
}
