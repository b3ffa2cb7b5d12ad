import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPackageFolder } from '../find-package-folder.ts'

/** How to open the desktop window; null where there is no Electron program, no display, or a root user, whom its sandbox refuses. */
export function desktopProgram(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform = process.platform): { file: string; arguments: string[] } | null {
  const home = findPackageFolder()
  const folder = join(home, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const linux = platform === 'linux'
  if (linux && !env.DISPLAY && !env.WAYLAND_DISPLAY) return null
  if (linux && process.getuid?.() === 0) return null
  const file = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null
  return file !== null && existsSync(file) ? { file, arguments: [home] } : null
}
