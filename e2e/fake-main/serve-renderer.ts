import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { build } from 'vite'
import react from '@vitejs/plugin-react'

const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
/** As strict as the hosts' own. */
const policy = "default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-fake'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"

export const rootFolder = join(import.meta.dirname, '..', '..')
/** One for each process: runs side by side must not take each other's page away. */
const builtFolder = join(rootFolder, 'test-results', `fake-console-${process.pid}`)

/** Builds the page as the product does, with `nonce` in the place of the host's. */
export const buildRenderer = async (outDir: string, nonce: string): Promise<void> =>
  void (await build({ root: join(rootFolder, 'src-renderer'), configFile: false, logLevel: 'warn', html: { cspNonce: nonce }, plugins: [react()], build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 3_000 } }))

/** Builds the renderer and the stand-in core, and serves the page on loopback. */
export const serveRenderer = async (): Promise<{ url: string; fakeCore: string; close: () => void }> => {
  await buildRenderer(builtFolder, 'fake')
  await build({ root: import.meta.dirname, configFile: false, logLevel: 'warn', publicDir: false, build: { outDir: `${builtFolder}-core`, emptyOutDir: true, lib: { entry: join(import.meta.dirname, 'fake-bridge.ts'), formats: ['iife'], name: 'fakeCore', fileName: () => 'fake-core.js' } } })
  const fakeCore = await readFile(join(`${builtFolder}-core`, 'fake-core.js'), 'utf8')
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (path.startsWith('/mail/')) return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><html lang="en"><p>With remote content</p></html>')
    readFile(join(builtFolder, path === '/' ? 'index.html' : path)).then(
      (body) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/html; charset=utf-8', 'content-security-policy': policy }).end(body),
      () => response.writeHead(404).end()
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = (): void => {
    server.close()
    for (const folder of [builtFolder, `${builtFolder}-core`]) rmSync(folder, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`, fakeCore, close }
}
