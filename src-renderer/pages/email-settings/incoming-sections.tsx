import type { ReactNode } from 'react'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { ProtocolRow } from '#contract/protocols.ts'
import { Choice, ListLines, NumberLine, TextLine, Tick } from '../../components/fields.tsx'
import { Columns, Danger, FormSection } from './form-section.tsx'

export type IncomingPart = { server: IncomingServerDraft; change: (part: Partial<IncomingServerDraft>) => void; errors: Record<string, string>; disabled: boolean }

export const MailboxSection = ({ server, change, errors, disabled, label }: IncomingPart & { label: string }) => (
  <FormSection title="Type and mailbox">
    <TextLine name="name" label="Name" value={server.name} onChange={(name) => change({ name })} error={errors['name']} disabled={disabled} autoFocus={server.name === '' && !disabled} helper={`How this ${label} server is called in tables, commands and files.`} />
    <ListLines name="addresses" label="Addresses of the mailbox" rows={2} mono values={server.addresses} onChange={(addresses) => change({ addresses })} error={errors['addresses']} disabled={disabled} helper="One a line. Empty: every address." />
    {server.addresses.length > 0 && <Choice name="otherRecipients" width={300} label="Mail to other addresses" value={server.otherRecipients} onChange={(otherRecipients) => change({ otherRecipients })} disabled={disabled} options={[{ value: 'take', label: 'Take it too' }, { value: 'leave', label: 'Leave it alone' }]} />}
  </FormSection>
)

export const FetchingSection = ({ server, change, errors, disabled, protocol, children }: IncomingPart & { protocol: ProtocolRow; children: ReactNode }) => (
  <FormSection title="Fetching">
    <Columns template={protocol.has.folders ? '1fr 180px' : '180px'}>
      {protocol.has.folders && <TextLine name="folder" label="Folder" mono value={server.folder} onChange={(folder) => change({ folder })} error={errors['folder']} disabled={disabled} helper={`Usually ${protocol.inbox}.`} />}
      <NumberLine name="fetchEveryMs" label="Fetch mail every" suffix="seconds" value={server.fetchEveryMs / 1_000} onChange={(seconds) => change({ fetchEveryMs: Math.round(seconds * 1_000) })} error={errors['fetchEveryMs']} disabled={disabled} helper="Counts from the next round." />
    </Columns>
    {protocol.has.push && <Tick name="push" label="Push" value={server.push} onChange={(push) => change({ push })} disabled={disabled} helper={`The server announces new mail at once (${protocol.announces}); the interval is the safety net.`} />}
    {children}
    <Tick name="keepOriginal" label="Keep the original message with the request" value={server.keepOriginal} onChange={(keepOriginal) => change({ keepOriginal })} disabled={disabled} helper="The full message is offered as an attachment." />
    <NumberLine name="maxMessageSize" width={220} label="Largest message" suffix="MB" value={server.maxMessageSize / 1_000_000} onChange={(size) => change({ maxMessageSize: Math.round(size * 1_000_000) })} error={errors['maxMessageSize']} disabled={disabled} helper="Larger mail goes to the error folder." />
  </FormSection>
)

export const AfterFetchFields = ({ server, change, errors, disabled, protocol }: IncomingPart & { protocol: ProtocolRow }) => {
  const options = [
    { value: 'mark-seen', label: protocol.has.flags ? 'Mark as read' : 'Leave on the server' },
    ...(protocol.has.folders ? [{ value: 'move', label: 'Move to a folder' } as const] : []),
    { value: 'delete', label: 'Delete from the server' }
  ] as const
  return (
    <>
      <Columns template="1fr 1fr">
        <Choice name="afterFetch" label="After processing" value={server.afterFetch} onChange={(afterFetch) => change({ afterFetch, ...(afterFetch === 'move' && server.moveTo === null ? { moveTo: 'Processed' } : {}) })} error={errors['afterFetch']} disabled={disabled} options={options} />
        {server.afterFetch === 'move' && <TextLine name="moveTo" label="Move to" mono value={server.moveTo ?? ''} onChange={(moveTo) => change({ moveTo: moveTo || null })} error={errors['moveTo']} disabled={disabled} />}
      </Columns>
      {server.afterFetch === 'delete' && <Danger>Mail is deleted from the server once its request is stored. It cannot be fetched again by another program.</Danger>}
      <Tick name="silenceAlert" label="Tell when no mail comes" value={server.silenceAlert} onChange={(silenceAlert) => change({ silenceAlert })} disabled={disabled} helper="Where this mailbox usually gets mail at this time of the week. After how many hours is set under Alerts, fetching, sending." />
    </>
  )
}

export const ErrorFolderSection = ({ server, change, errors, disabled }: IncomingPart) => {
  const { errorFolder } = server
  const set = (part: Partial<IncomingServerDraft['errorFolder']>): void => change({ errorFolder: { ...errorFolder, ...part } })
  return (
    <FormSection title="Error folder">
      <Tick name="errorFolder.enabled" label="Move mail that cannot be processed to a folder" value={errorFolder.enabled} onChange={(enabled) => set({ enabled })} disabled={disabled} helper="One bad message then never holds up the others." />
      {errorFolder.enabled && (
        <>
          <Columns template="1fr 200px">
            <TextLine name="errorFolder.name" label="Name of the folder" mono value={errorFolder.name} onChange={(name) => set({ name })} error={errors['errorFolder.name']} disabled={disabled} helper="Created on the server where it is missing." />
            {errorFolder.stopAfter !== null && <NumberLine name="errorFolder.stopAfter" label="Stop after" suffix="messages" value={errorFolder.stopAfter} onChange={(stopAfter) => set({ stopAfter })} error={errors['errorFolder.stopAfter']} disabled={disabled} />}
          </Columns>
          <Tick label="Stop fetching when too many messages are in it" value={errorFolder.stopAfter !== null} onChange={(stop) => set({ stopAfter: stop ? 50 : null })} disabled={disabled} />
          <Tick name="errorFolder.notify" label="Notify by mail when a message is moved there" value={errorFolder.notify} onChange={(notify) => set({ notify })} disabled={disabled} helper="Needs recipients for application errors under Alerts, fetching, sending." />
        </>
      )}
    </FormSection>
  )
}
