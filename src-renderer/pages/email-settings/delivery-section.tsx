import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { Choice, TextLine, Tick } from '../../components/fields.tsx'
import { plural } from '../../components/sizes.ts'
import { Columns, FormSection } from './form-section.tsx'
import type { OutgoingPart } from './outgoing-sections.tsx'

type Needs = OutgoingPart & { /** As it is stored; null for a new one. */ view: OutgoingServerView | null }

/** Whether mail goes out at all, to whom, and what is put into it. */
export const DeliverySection = ({ server, change, errors, disabled, view }: Needs) => {
  const { conversationId } = server
  return (
    <FormSection title="Delivery">
      <Tick name="block" label="Block outgoing mail (receive only)" value={server.block} onChange={(block) => change({ block })} disabled={disabled} helper={<Blocked isBlocked={server.block} view={view} />} />
      <TextLine name="overrideTo" label="Send all mail to one address instead" mono value={server.overrideTo ?? ''} onChange={(overrideTo) => change({ overrideTo: overrideTo.trim() || null })} error={errors['overrideTo']} disabled={disabled} helper="For trials; the original address is kept in a header. Empty: mail goes to its recipients. Codes go to the address that they are to prove all the same." />
      <Choice name="embeddedImages" width={320} label="Embedded images" value={server.embeddedImages} onChange={(embeddedImages) => change({ embeddedImages })} disabled={disabled} options={[{ value: 'cid', label: 'Attached (CID)', hint: 'right for most mail programs' }, { value: 'base64', label: 'Inline (Base64)' }]} />
      <Tick name="conversationId.attach" label="Put the request number on outgoing mail" value={conversationId.attach} onChange={(attach) => change({ conversationId: { ...conversationId, attach } })} disabled={disabled} helper={`The conversation ID, such as ${conversationId.prefix}RE-123${conversationId.prefix}: an answer with it finds its request.`} />
      {conversationId.attach && (
        <Columns template="1fr 1fr">
          <Choice name="conversationId.location" label="Place" value={conversationId.location} onChange={(location) => change({ conversationId: { ...conversationId, location } })} disabled={disabled} options={[{ value: 'subject', label: 'Subject' }, { value: 'body', label: 'Text (plain text part)' }]} />
          <TextLine name="conversationId.prefix" label="Prefix" mono value={conversationId.prefix} onChange={(prefix) => change({ conversationId: { ...conversationId, prefix } })} error={errors['conversationId.prefix']} disabled={disabled} />
        </Columns>
      )}
    </FormSection>
  )
}

/** What a block does to mail, and to how much of it now. */
const Blocked = ({ isBlocked, view }: { isBlocked: boolean; view: OutgoingServerView | null }) => {
  const waiting = view?.outbox.waiting ?? 0
  if (!isBlocked && view?.server.block !== true) return <>While it is blocked, mail is held in the outbox and nothing is lost.</>
  const outbox = waiting > 0 && <> {plural(waiting, 'mail')} {waiting === 1 ? 'waits' : 'wait'} there now.</>
  return <>{isBlocked ? 'Mail is held in the outbox and goes out once the block is gone.' : 'Saving lets go what is held in the outbox.'}{outbox}</>
}
