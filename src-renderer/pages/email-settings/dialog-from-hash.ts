import { useEffect, useEffectEvent } from 'react'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { hashOf, useHashLocation } from '../../components/hash-location.ts'
import type { OpenDialog } from './server-dialogs.tsx'

/** `#/email-settings/incoming/it/test` opens that dialog once; the address then goes back to the page's own. */
export const useDialogFromHash = (incoming: readonly IncomingServerView[] | null, outgoing: readonly OutgoingServerView[] | null, show: (dialog: OpenDialog) => void): void => {
  const { path } = useHashLocation()
  // The address of the page that one goes to is seen here before this page is left.
  const wish = path[0] === 'email-settings' ? path.slice(1).join('\n') : ''
  const ready = incoming !== null && outgoing !== null
  const showFound = useEffectEvent(() => {
    const [side, name, deed] = wish.split('\n')
    if (side === 'set-up') show({ kind: 'set-up', side: null, name: null })
    const views = side === 'incoming' ? incoming : side === 'outgoing' ? outgoing : null
    if ((side === 'incoming' || side === 'outgoing') && views?.some((view) => view.server.name === name)) show({ kind: deed === 'test' || deed === 'sign-in' || deed === 'transcript' ? deed : 'server', side, name: name ?? null, protocol: null })
    window.history.replaceState(null, '', hashOf('email-settings'))
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  })
  useEffect(() => {
    if (ready && wish !== '') showFound()
  }, [ready, wish])
}
