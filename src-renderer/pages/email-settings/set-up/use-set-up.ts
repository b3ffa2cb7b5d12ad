import { useState } from 'react'
import type { SaveAnswer } from '#contract/calls.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { useAsk } from '../../../components/ask.tsx'
import { callMain, problemOf } from '../../../main-process/call-main.ts'
import { useWork, type Work } from '../../../main-process/use-work.ts'
import { useReasonRequired } from '../../../settings/use-reason-required.ts'

export type Wanted = { incoming: IncomingServerDraft; outgoing: OutgoingServerDraft | null; secret: string; draft: boolean }
export type Part = { work: Work; answer: SaveAnswer | null; problem: Problem | null; begun: boolean }
export type SetUp = { incoming: Part; outgoing: Part; running: boolean; done: Wanted | null; create: (wanted: Wanted) => Promise<Side | null> }
type Side = 'incoming' | 'outgoing'

/** Creates the two servers one after the other and tries each; a second attempt changes what the first has created. Answers which of them somebody has to sign in to first. */
export const useSetUp = (): SetUp => {
  const incoming = usePart()
  const outgoing = usePart()
  const ask = useAsk()
  const reasonRequired = useReasonRequired()
  const [done, setDone] = useState<Wanted | null>(null)
  const [created, setCreated] = useState<{ incoming: string | null; outgoing: string | null }>({ incoming: null, outgoing: null })
  const create = async (wanted: Wanted): Promise<Side | null> => {
    const goAhead = reasonRequired ? await ask({ title: 'Add servers', body: 'This console asks for the reason of a change.', confirm: 'Add', reason: 'required' }) : { reason: null }
    if (!goAhead) return null
    setDone(wanted)
    const rest = { secret: wanted.secret || null, draft: wanted.draft, reason: goAhead.reason }
    const kept = await incoming.run((workId) => callMain('incoming.save', { was: created.incoming, server: wanted.incoming, ...rest, workId }))
    if (!kept) return null
    setCreated((before) => ({ ...before, incoming: wanted.incoming.name }))
    // A second try of a password that was just refused brings an account nearer to being locked.
    if (kept.verdict?.problem?.code === 'credentials-refused') return null
    const { outgoing: server } = wanted
    const sent = server ? await outgoing.run((workId) => callMain('outgoing.save', { was: created.outgoing, server, ...rest, workId })) : null
    if (sent && server) setCreated((before) => ({ ...before, outgoing: server.name }))
    return needsSignIn(kept) ? 'incoming' : sent && needsSignIn(sent) ? 'outgoing' : null
  }
  return { incoming: incoming.part, outgoing: outgoing.part, running: incoming.part.work.running || outgoing.part.work.running, done, create }
}

const needsSignIn = ({ verdict }: SaveAnswer): boolean => verdict?.problem?.code === 'sign-in-needed'

const usePart = (): { part: Part; run: (save: (workId: string) => Promise<SaveAnswer>) => Promise<SaveAnswer | null> } => {
  const work = useWork({ cancelOnLeave: true })
  const [answer, setAnswer] = useState<SaveAnswer | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [begun, setBegun] = useState(false)
  const run = async (save: (workId: string) => Promise<SaveAnswer>): Promise<SaveAnswer | null> => {
    setBegun(true)
    setAnswer(null)
    setProblem(null)
    try {
      const found = await work.run(save)
      setAnswer(found)
      return found
    } catch (thrown) {
      setProblem(problemOf(thrown))
      return null
    }
  }
  return { part: { work, answer, problem, begun }, run }
}
