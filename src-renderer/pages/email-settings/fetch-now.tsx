import type { IncomingServerView, RoundResult } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { plural } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useWork, type Work } from '../../main-process/use-work.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'

/** One round now, of one server or of all; null means all. */
export const useFetchNow = (): { work: Work; fetchNow: (view: IncomingServerView | null) => void } => {
  const work = useWork()
  const act = useAct()
  const { say, fail } = useToasts()
  const tell = (rounds: RoundResult[]): void => {
    const [only] = rounds
    if (rounds.length === 1 && only?.problem) fail(new ProblemError(only.problem))
    else if (rounds.length > 0) say(...toldOf(rounds))
  }
  const fetchNow = (view: IncomingServerView | null): void =>
    void act(async () => {
      const rounds = await work.run(async (workId) => (view ? [await callMain('incoming.fetch', { name: view.server.name, workId })] : callMain('incoming.fetch-all', { workId })))
      tell(rounds)
    })
  return { work, fetchNow }
}

/** What rounds brought, in one sentence, and which failed in another. */
export const toldOf = (rounds: readonly RoundResult[]): [string, 'good' | 'warning'] => {
  const good = rounds.filter((round) => round.problem === null)
  const bad = rounds.filter((round) => round.problem !== null).map(({ server }) => server)
  const failed = bad.length === 0 ? '' : `Failed: ${bad.join(', ')}; the table says why.`
  return [[good.length > 0 ? sumText(good) : '', failed].filter(Boolean).join(' '), bad.length > 0 ? 'warning' : 'good']
}

const sumText = (rounds: RoundResult[]): string => {
  const sum = (pick: (round: RoundResult) => number): number => rounds.reduce((total, round) => total + pick(round), 0)
  const from = rounds.length === 1 ? rounds[0]?.server ?? '' : plural(rounds.length, 'server')
  if (sum((round) => round.fetched) === 0) return `${from}: nothing new.`
  const parts: [number, string, string?][] = [[sum((round) => round.requests), 'request'], [sum((round) => round.replies), 'reply', 'replies'], [sum((round) => round.commands), 'command'], [sum((round) => round.dropped), 'dropped', 'dropped'], [sum((round) => round.errors), 'error']]
  return `${from}: ${plural(sum((round) => round.fetched), 'message')} – ${parts.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many)).join(', ')}.`
}

export const RoundProgress = ({ work }: { work: Work }) =>
  work.running ? <ProgressStrip what={work.progress?.what ?? 'Fetching mail'} done={work.progress?.done ?? 0} total={work.progress?.total ?? null} onCancel={work.cancel} /> : null
