import type { ExitStatus } from '../../model/exit-status.ts'
import { lookThrough } from '../ask-serving-process.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { usageFault } from '../parse-command.ts'

/** `mailroom metrics`: numbers for a monitoring system, or what the dashboard draws. */
export const metrics: readonly Command[] = [
  {
    name: 'metrics', arguments: '', takes: [0, 0], summary: 'Prints metrics as Prometheus text, with --json what the dashboard draws. Counters count since the process that serves the folder began, or since now.', example: 'mailroom metrics --json --hours 168', run,
    flags: { hours: { value: 'N', help: 'with --json: 24 (by the hour), 168 (by six hours) or 720 (by the day); 24 by default' }, server: { value: 'NAME', help: 'with --json: of this incoming server alone' } }
  }
]

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const hours = hoursOf(asked.value('hours') ?? '24')
  if (!asked.json && (asked.value('hours') !== null || asked.value('server') !== null)) throw usageFault('--hours and --server go with --json.')
  if (!asked.json) {
    await tools.terminal.write((await lookThrough(tools, (core) => core.call('metrics.text', {}))).text)
    return 0
  }
  const dashboard = await lookThrough(tools, (core) => core.call('dashboard.get', { hours, server: asked.value('server'), offsetMinutes: -new Date().getTimezoneOffset() }))
  await tools.terminal.write(`${JSON.stringify(dashboard)}\n`)
  return 0
}

function hoursOf(typed: string): 24 | 168 | 720 {
  const hours = ([24, 168, 720] as const).find((one) => String(one) === typed)
  if (hours === undefined) throw usageFault('--hours takes 24, 168 or 720.')
  return hours
}
