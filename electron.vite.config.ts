import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const below = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Programs that start on their own, by the name that they have in `out/main`. */
const programs = {
  main: 'src-main/main.ts',
  cli: 'src-main/cli/cli.ts',
  'desktop-program': 'src-main/cli/desktop-program.ts',
  'database-worker': 'src-main/database/database-worker.ts',
  'checkpoint-worker': 'src-main/database/checkpoint-worker.ts',
  'intake-worker': 'src-main/intake/intake-worker.ts',
  'clearing-worker': 'src-main/intake/clearing-worker.ts'
}
const input = Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(below(file))).map(([name, file]) => [name, below(file)]))

export default defineConfig({
  main: {
    build: {
      outDir: below('out/main'),
      target: 'node24',
      // Chunks lie beside the programs, so that `new URL('./x-worker.js', import.meta.url)` is right from any of them.
      rolldownOptions: { input, output: { entryFileNames: '[name].js', chunkFileNames: 'part-[name]-[hash].js' } }
    }
  },
  preload: {
    build: {
      outDir: below('out/preload'),
      target: 'node24',
      // A sandboxed preload is CommonJS in one file.
      externalizeDeps: false,
      rolldownOptions: { input: { preload: below('src-preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } }
    }
  },
  renderer: {
    root: below('src-renderer'),
    publicDir: below('src-renderer/public'),
    // Both hosts put a fresh value in its place with every answer.
    html: { cspNonce: 'MAILROOM-NONCE' },
    plugins: [react()],
    build: { outDir: below('out/renderer'), emptyOutDir: true, target: 'chrome140', minify: true, rolldownOptions: { input: below('src-renderer/index.html') } }
  }
})
