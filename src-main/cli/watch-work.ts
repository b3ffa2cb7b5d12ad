import type { EventListener } from '../console.ts'
import type { Core, Tools } from './command.ts'
import { newWorkId } from './open-core.ts'

/** Runs long work: its announcements go to `heard` and the progress line, and the first SIGINT cancels it. */
export async function watchWork<Result>(core: Core, { terminal, onStop }: Pick<Tools, 'terminal' | 'onStop'>, work: (workId: string) => Promise<Result>, heard: EventListener = () => undefined): Promise<Result> {
  const workId = newWorkId()
  const end = core.subscribe((name, detail) => {
    if (name === 'work-progressed' && 'done' in detail && detail.workId === workId) terminal.progress(`${detail.what} ${detail.done}${detail.total === null ? '' : ` of ${detail.total}`}`)
    if (!('workId' in detail) || detail.workId === workId) heard(name, detail)
  })
  const off = onStop(() => {
    terminal.say('Stopping…')
    core.call('work.cancel', { workId }).catch((error: unknown) => terminal.say(`It cannot be stopped: ${String(error)}`))
  })
  try {
    return await work(workId)
  } finally {
    off()
    end()
  }
}
