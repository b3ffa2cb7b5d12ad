import { Box } from '@mui/material'
import type { ConversationEntry, RequestDetail } from '#contract/request.ts'
import type { RequestChange } from '#contract/request-values.ts'
import { Details } from '../../components/details.tsx'
import { LocalTime } from '../../components/times.tsx'
import { EntryView } from './entry-view.tsx'
import { actionWords } from './request-words.ts'

/** Who changed what of a request, newest first, and the mail that commanded it. Commands that changed nothing stand there too. */
export const HistoryPart = ({ request: { changes, conversation } }: { request: RequestDetail }) => {
  const commands = conversation.filter(({ kind }) => kind === 'command')
  const alone = commands.filter(({ id }) => !changes.some(({ entry }) => entry === id))
  const lines = [...changes.map((change) => ({ at: change.at, change, mail: commands.find(({ id }) => id === change.entry) ?? null })), ...alone.map((mail) => ({ at: mail.receivedAt, change: null, mail }))].sort((a, b) => b.at.localeCompare(a.at))
  if (lines.length === 0) return <Box sx={{ p: 2, color: 'text.secondary' }}>Nothing was changed since the request was made.</Box>
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {lines.map(({ at, change, mail }) => (
        <Box component="li" key={change ? `change ${change.id}` : `mail ${mail?.id}`} sx={{ px: 2, py: 1.25, borderBottom: 1, borderColor: 'divider' }}>
          <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
            <Box sx={{ overflowWrap: 'anywhere' }}><Box component="span" sx={{ fontWeight: 600 }}>{change ? actionWords[change.action] : 'E-mail command'}</Box> by {change?.by ?? mail?.from?.address ?? 'an unknown sender'}</Box>
            <Box sx={{ ml: 'auto', color: 'text.secondary' }}><LocalTime at={at} /></Box>
          </Box>
          {change && change.changes.length > 0 && <Changes changes={change.changes} />}
          {mail && <Mail entry={mail} />}
        </Box>
      ))}
    </Box>
  )
}

const Changes = ({ changes }: { changes: RequestChange['changes'] }) => (
  <Box component="dl" sx={{ m: 0, mt: 0.5, display: 'grid', gridTemplateColumns: 'minmax(110px, 160px) minmax(0, 1fr)', columnGap: 1, rowGap: 0.25, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
    {changes.map(({ field, from, to }, index) => <Change key={index} field={field} from={from} to={to} />)}
  </Box>
)

const Change = ({ field, from, to }: RequestChange['changes'][number]) => (
  <>
    <dt>{field}</dt>
    <dd>{from === '' ? <Box component="span" sx={{ color: 'text.secondary' }}>empty</Box> : <Box component="del" sx={{ color: 'text.secondary' }}>{from}</Box>} → {to === '' ? <Box component="span" sx={{ color: 'text.secondary' }}>empty</Box> : <Box component="ins" sx={{ textDecoration: 'none', fontWeight: 500 }}>{to}</Box>}</dd>
  </>
)

const Mail = ({ entry }: { entry: ConversationEntry }) => <Box sx={{ mt: 0.5 }}><Details label="The mail that commanded it" hint={entry.subject}><Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, '& > article': { borderBottom: 0 } }}><EntryView entry={entry} /></Box></Details></Box>
