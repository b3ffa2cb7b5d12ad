import { stringify } from 'yaml'
import type { Form } from '../model/configuration-difference.ts'
import { incomingForm, outgoingForm, partitionForm, settingsForm } from './configuration-form.ts'
import { storedIncoming, storedOutgoing } from './configured-servers.ts'
import type { PresentConfiguration } from './present-configuration.ts'

/**
 * The configuration as a file without secrets: every key written out, in one order, servers by name, so that the same configuration is
 * always the same text. A server that is not ready carries `draft: true`.
 */
export const printConfiguration = (present: PresentConfiguration): string =>
  stringify(
    {
      version: 1,
      partitions: present.partitions.map(partitionForm),
      incoming: storedIncoming(present).map(({ server, ready }) => withDraft(incomingForm(server), ready === null)),
      outgoing: storedOutgoing(present).map(({ server, ready }) => withDraft(outgoingForm(server), ready === null)),
      ...settingsForm(present.settings)
    },
    { schema: 'core', version: '1.2', lineWidth: 0, blockQuote: false, aliasDuplicateObjects: false }
  )

const withDraft = (form: Form, draft: boolean): Form => (draft ? { ...form, draft } : form)
