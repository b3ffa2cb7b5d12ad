// Loaded before a program by `--import`: writes its peak memory and event-loop delay to $BENCH_MEASURED when it ends.
import { readFileSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const resolutionMs = 5
if (isMainThread && process.env.BENCH_MEASURED) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  process.on('exit', () => {
    delay.disable()
    // VmHWM is the largest resident set that this process ever had. The histogram holds the time between two ticks, which is the
    // resolution where nothing holds them up.
    const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0)
    const loopDelayP99Ms = Math.round(Math.max(0, delay.percentile(99) / 1e6 - resolutionMs) * 10) / 10
    writeFileSync(process.env.BENCH_MEASURED, JSON.stringify({ peakMegabytes: Math.round(kilobytes / 1000), loopDelayP99Ms }))
  })
}
