import { Box, FormHelperText } from '@mui/material'
import { categoryOf, categoryTitles, noticeCategories, type NoticeCategory } from '#contract/notice.ts'
import type { Settings } from '#contract/settings.ts'
import { Choice, Tick } from '../../components/fields.tsx'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsGroup } from '../../settings/settings-form.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { eventGroups } from './event-words.ts'

type Categories = Settings['alerts']['categories']
type Needs = { categories: Categories; onChange: (categories: Categories) => void; errors: Record<string, string>; disabled: boolean }

/** What is in a category beside the events that the bell tells. */
const besides: Readonly<Partial<Record<NoticeCategory, string>>> = { 'two-factor': 'Codes with which somebody signs in. Without their mail nobody who needs one gets in.' }

/** Which kinds of notification are mailed at all, and through which outgoing server. */
export const CategoriesPart = ({ categories, onChange, errors, disabled }: Needs) => {
  const servers = (useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] }).value ?? []).map(({ server }) => server.name)
  const set = (category: NoticeCategory, part: Partial<Categories[NoticeCategory]>): void => onChange({ ...categories, [category]: { ...categories[category], ...part } })
  return (
    <SettingsGroup title="Notifications by category">
      <FormHelperText sx={{ '&&': { mt: 0 } }}>What is off here is on the bell and never mailed, whatever the rules below say.</FormHelperText>
      {noticeCategories.map((category) => {
        const { enabled, through } = categories[category]
        const options = [{ value: '', label: 'that of the partition' }, ...[...new Set([...servers, ...(through === null ? [] : [through])])].map((name) => ({ value: name, label: servers.includes(name) ? name : `${name} (is gone)` }))]
        return (
          <Box key={category} role="group" aria-label={categoryTitles[category]} sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'minmax(0, 1fr) 230px' }, columnGap: 2, rowGap: 0.5, alignItems: 'start', borderTop: 1, borderColor: 'divider', pt: 1 }}>
            <Tick label={categoryTitles[category]} value={enabled} disabled={disabled} onChange={(on) => set(category, { enabled: on })} helper={contentOf(category)} />
            <Choice label={`${categoryTitles[category]}: through the server`} value={through ?? ''} disabled={disabled || !enabled} options={options} onChange={(name) => set(category, { through: name === '' ? null : name })} error={errorAt(errors, `alerts.categories.${category}.through`)} />
          </Box>
        )
      })}
    </SettingsGroup>
  )
}

/** The events of a category, in the words in which rules are chosen. */
const contentOf = (category: NoticeCategory): string => {
  const events = eventGroups.flatMap(({ events: all }) => all).filter(({ kind }) => categoryOf[kind] === category).map((event) => event.words)
  return [...(events.length === 0 ? [] : [`${events.join('. ')}.`]), ...(besides[category] === undefined ? [] : [besides[category]])].join(' ')
}
