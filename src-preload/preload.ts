import { contextBridge, ipcRenderer } from 'electron'
import { channels, type Bridge } from '#contract/bridge.ts'

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(channels.call, name, input),
  onEvent: (listener) => {
    const pass = (_event: unknown, name: string, detail: unknown): void => listener(name, detail)
    ipcRenderer.on(channels.event, pass)
    return () => void ipcRenderer.removeListener(channels.event, pass)
  }
}

contextBridge.exposeInMainWorld('mailroom', bridge)
