import { Box } from '@mui/material'
import { useState } from 'react'
import type { Settings } from '#contract/settings.ts'
import { TextLine, Tick } from '../../components/fields.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart, type SettingsPart } from '../../settings/use-settings-part.ts'
import { CommandExample } from './command-example.tsx'
import { commandMail, type CommandMail } from './command-examples.ts'
import { CommandRules, WhoMayCommand } from './command-rules.tsx'
import { CommandTrial } from './command-trial.tsx'

type Part = Settings['processing']['emailCommand']
const part: SettingsPart<Part> = {
  id: 'email-command',
  eager: true,
  take: ({ processing }) => processing.emailCommand,
  put: (settings, emailCommand) => ({ ...settings, processing: { ...settings.processing, emailCommand } })
}

/** Requests made and changed by mail: the marks of a command, what it can say, who may, and a place to try one. */
export const EmailCommandPage = () => {
  const form = useSettingsPart(part)
  const disabled = !useIsAdministrator()
  const [typed, setTyped] = useState<CommandMail | null>(null)
  const { draft } = form
  return (
    <PageFrame title="E-mail command" intro="A mail whose subject carries the identifier is read as a command: what stands between delimiters in its text makes a request, changes it, closes it or picks it up.">
      <SettingsForm
        form={form}
        aside={draft && <><CommandExample marks={draft} onTry={setTyped} /><CommandTrial enabled={draft.enabled} dirty={form.dirty} mail={typed ?? commandMail('add', draft)} onChange={setTyped} /></>}
      >
        {draft && (
          <SettingsGroup title="Marks of a command">
            <Tick label="Carry out e-mail commands" value={draft.enabled} disabled={disabled} onChange={(enabled) => form.change({ enabled })} helper="Off: such mail becomes a request like any other." />
            <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr', sm: 'minmax(0, 2fr) minmax(0, 1fr)' } }}>
              <TextLine label="Subject contains" name="subjectContains" mono value={draft.subjectContains} disabled={disabled} onChange={(subjectContains) => form.change({ subjectContains })} error={errorAt(form.errors, 'processing.emailCommand.subjectContains')} helper="A mail without exactly this in its subject is no command." />
              <TextLine label="Delimiter" name="delimiter" mono value={draft.delimiter} disabled={disabled} onChange={(delimiter) => form.change({ delimiter })} error={errorAt(form.errors, 'processing.emailCommand.delimiter')} helper="One special character." />
            </Box>
          </SettingsGroup>
        )}
        {draft && <WhoMayCommand />}
        {draft && <CommandRules marks={draft} />}
      </SettingsForm>
    </PageFrame>
  )
}
