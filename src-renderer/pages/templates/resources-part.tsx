import { Box, Button } from '@mui/material'
import type { Resource, ResourceQuestion } from '#contract/request-values.ts'
import { Choice, TextLine } from '../../components/fields.tsx'
import { faultAt } from '../../components/field-faults.ts'
import { LineList } from '../../components/line-list.tsx'
import type { TemplatePart } from './values-part.tsx'

const kinds: { value: ResourceQuestion['kind']; label: string; hint: string }[] = [
  { value: 'select', label: 'Choose one (list)', hint: 'One of the options' },
  { value: 'radio', label: 'Choose one (buttons)', hint: 'One of the options' },
  { value: 'check', label: 'Choose several', hint: 'Any of the options' },
  { value: 'string', label: 'Text', hint: 'One line, freely' }
]

/** An unused key: res_1, res_2 … */
const freshKey = (prefix: string, taken: readonly { key: string }[]): string => {
  const used = new Set(taken.map(({ key }) => key))
  let number = taken.length + 1
  while (used.has(`${prefix}_${number}`)) number++
  return `${prefix}_${number}`
}

/** Resources that can be asked for with a request, each with its questions, under the keys that commands use. */
export const ResourcesPart = ({ draft, change, faults, disabled }: TemplatePart) => {
  const { resources } = draft
  const set = (index: number, next: Resource): void => change({ resources: resources.map((each, place) => (place === index ? next : each)) })
  return (
    <>
      <Box sx={{ color: 'text.secondary' }}>What people may ask for along with a request. A command answers a question by the keys of resource and question, such as <code>@@res_1.qst_1=Option@@</code>.</Box>
      {resources.map((resource, index) => (
        <Box key={index} component="section" aria-label={resource.label || `Resource ${index + 1}`} sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.5, display: 'grid', gap: 1.5 }}>
          <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 160px auto' }, gap: 1.5, alignItems: 'start' }}>
            <TextLine name={`resources.${index}.label`} label="Resource" value={resource.label} onChange={(label) => set(index, { ...resource, label })} error={faults[`resources.${index}.label`]} disabled={disabled} placeholder="Laptop" />
            <TextLine name={`resources.${index}.key`} label="Key" mono value={resource.key} onChange={(key) => set(index, { ...resource, key: key.trim() })} error={faults[`resources.${index}.key`]} disabled={disabled} />
            {!disabled && <Button sx={{ mt: '22px' }} aria-label={`Take ${resource.label || 'the resource'} away`} onClick={() => change({ resources: resources.filter((_, place) => place !== index) })}>Take away</Button>}
          </Box>
          {resource.questions.map((question, place) => <Question key={place} path={`resources.${index}.questions.${place}`} resource={resource} question={question} faults={faults} disabled={disabled} onChange={(next) => set(index, { ...resource, questions: resource.questions.map((each, at) => (at === place ? next : each)) })} onRemove={() => set(index, { ...resource, questions: resource.questions.filter((_, at) => at !== place) })} />)}
          {!disabled && <Box><Button variant="text" onClick={() => set(index, { ...resource, questions: [...resource.questions, { key: freshKey('qst', resource.questions), label: '', kind: 'select', options: [] }] })}>Add question</Button></Box>}
        </Box>
      ))}
      {resources.length === 0 && <Box sx={{ color: 'text.secondary' }}>No resource yet.</Box>}
      {!disabled && <Box><Button onClick={() => change({ resources: [...resources, { key: freshKey('res', resources), label: '', questions: [] }] })}>Add resource</Button></Box>}
    </>
  )
}

type QuestionNeeds = { path: string; resource: Resource; question: ResourceQuestion; faults: Record<string, string>; disabled: boolean; onChange: (question: ResourceQuestion) => void; onRemove: () => void }

const Question = ({ path, resource, question, faults, disabled, onChange, onRemove }: QuestionNeeds) => (
  <Box role="group" aria-label={question.label || 'Question'} sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5, display: 'grid', gap: 1 }}>
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 190px 160px auto' }, gap: 1.5, alignItems: 'start' }}>
      <TextLine name={`${path}.label`} label="Question" value={question.label} onChange={(label) => onChange({ ...question, label })} error={faults[`${path}.label`]} disabled={disabled} placeholder="Model" />
      <Choice label="Answer" value={question.kind} onChange={(kind) => onChange({ ...question, kind })} disabled={disabled} options={kinds} />
      <TextLine name={`${path}.key`} label="Key" mono value={question.key} onChange={(key) => onChange({ ...question, key: key.trim() })} error={faults[`${path}.key`]} disabled={disabled} />
      {!disabled && <Button sx={{ mt: '22px' }} aria-label={`Take ${question.label || 'the question'} away`} onClick={onRemove}>Take away</Button>}
    </Box>
    {question.kind !== 'string' && <LineList name={`${path}.options`} label="Options" values={question.options} onChange={(options) => onChange({ ...question, options })} error={faultAt(faults, `${path}.options`)} disabled={disabled} helper="One a line." />}
    <Box sx={{ color: 'text.secondary', fontSize: 12 }}>Answered by <code>{`@@${resource.key}.${question.key}=${question.kind === 'string' ? 'text' : question.kind === 'check' ? question.options.slice(0, 2).join(',') || 'Option' : question.options[0] ?? 'Option'}@@`}</code></Box>
  </Box>
)
