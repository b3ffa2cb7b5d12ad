import type { Answer, Bridge } from '#contract/bridge.ts'
import { connection } from './connection.ts'

type Listener = (name: string, detail: unknown) => void
const retryMs = 2_000

/** The bridge of the browser host: calls over POST /call, events over the server-sent stream GET /events. */
export const createBrowserBridge = (): Bridge => {
  const listeners = new Set<Listener>()
  listenForever(listeners)
  return {
    call: (name, input) => post(name, input),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
}

const post = async (name: string, input: unknown): Promise<Answer<unknown>> => {
  try {
    const response = await fetch('/call', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, input })
    })
    if (isJson(response)) return (await response.json()) as Answer<unknown>
  } catch {
    connection.set('lost')
  }
  return { ok: false, problem: { code: 'main-process-gone' } }
}

const isJson = (response: Response): boolean => response.headers.get('content-type')?.includes('application/json') ?? false

/** EventSource reconnects by itself after a network error, but gives up after an HTTP error: then a new one is made. */
const listenForever = (listeners: Set<Listener>): void => {
  const source = new EventSource('/events')
  source.onopen = () => connection.set('connected')
  source.onmessage = (message: MessageEvent<string>) => {
    const { name, detail } = JSON.parse(message.data) as { name: string; detail: unknown }
    for (const listener of listeners) listener(name, detail)
  }
  source.onerror = () => {
    connection.set('lost')
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(() => listenForever(listeners), retryMs)
  }
}
