import { plainTemplate, type RequestTemplate } from '#contract/request-values.ts'
import type { Partition } from '#contract/settings.ts'
import { Choice, ListLines, TextLine, Tick } from '../../components/fields.tsx'
import { Columns, FormSection } from './form-section.tsx'
import type { IncomingPart } from './incoming-sections.tsx'

type Needs = IncomingPart & { partitions: readonly Partition[]; templates: readonly RequestTemplate[] }

/** What becomes of a message that opens a request: where it belongs, what it begins with, who logs it. */
export const RequestsSection = (part: Needs) => {
  const { server, change, errors, disabled } = part
  return (
    <FormSection title="Requests">
      <Places {...part} />
      <Columns template="1fr 1fr">
        <TextLine name="defaultLoggingAnalyst" label="Default logging analyst" mono inputMode="email" value={server.defaultLoggingAnalyst ?? ''} onChange={(address) => change({ defaultLoggingAnalyst: address.trim() || null })} error={errors['defaultLoggingAnalyst']} disabled={disabled} helper="Address of the analyst in whose name mail is logged. Empty: nobody." />
        <Tick name="useLinkedAnalyst" label="Use linked analyst" value={server.useLinkedAnalyst} onChange={(useLinkedAnalyst) => change({ useLinkedAnalyst })} disabled={disabled} helper="An analyst who writes is the logging analyst of the request." />
      </Columns>
      <Tick name="newRequests.allowed" label="Mail may open new requests" value={server.newRequests.allowed} onChange={(allowed) => change({ newRequests: { ...server.newRequests, allowed } })} disabled={disabled} helper="Replies to open requests come in either way." />
      {!server.newRequests.allowed && <ListLines name="newRequests.except" label="Except from" rows={2} mono values={server.newRequests.except} onChange={(except) => change({ newRequests: { ...server.newRequests, except } })} error={errors['newRequests.except']} disabled={disabled} helper="Addresses and domains, one a line, such as boss@example.org or example.com." />}
    </FormSection>
  )
}

const Places = ({ server, change, errors, disabled, partitions, templates }: Needs) => {
  const names = partitions.map(({ name }) => name)
  const known = templates.map(({ name }) => name)
  const plain = known.find((name) => name.toLowerCase() === plainTemplate.name.toLowerCase())
  const chosen = known.find((name) => name.toLowerCase() === server.template?.toLowerCase()) ?? server.template ?? ''
  const gone = chosen !== '' && !known.includes(chosen)
  return (
    <Columns template="1fr 1fr">
      <Choice name="partition" label="Partition" value={server.partition} onChange={(partition) => change({ partition })} error={errors['partition']} disabled={disabled} options={withPresent(names, server.partition).map((value) => ({ value, label: value }))} helper="The department that the requests belong to." />
      <Choice
        name="template" label="Request template" value={chosen === plain ? '' : chosen} onChange={(template) => change({ template: template || null })} error={errors['template'] ?? (gone ? `There is no template ${chosen}; requests begin with the default.` : undefined)} disabled={disabled}
        options={[plain ? { value: '', label: `${plain} (default)` } : { value: '', label: 'Default', hint: 'Sets no values' }, ...withPresent(known, server.template ?? '').filter((name) => name !== plain).map((value) => ({ value, label: value }))]} helper="What new requests begin with."
      />
    </Columns>
  )
}

const withPresent = (names: readonly string[], present: string): string[] => (present === '' || names.some((name) => name.toLowerCase() === present.toLowerCase()) ? [...names] : [...names, present])
