import { registerHooks } from 'node:module'

// `node --import` this file before the built main process: every import of electron then leads to the stand-in.
const standIn = new URL('./electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context))
})
