import { readdir, rm, stat } from 'node:fs/promises'
import { syncFolder } from '../data-folder/write-file-durably.ts'
import { packFile, packNumber, packNumbers } from './pack-file.ts'

const isWithin = (pack: number, { from, below }: { from: number; below: number }): boolean => pack >= from && pack < below

/** The pack files of a folder, for who gives room back: their sizes by number, which one is written to, and their deletion. */
export const packFiles = (folder: string) => ({
  async sizes(): Promise<Map<number, number>> {
    const names = await readdir(folder).catch(noFolder)
    const sizes = names.flatMap((name) => packNumber(name) ?? []).map(async (pack): Promise<[number, number]> => [pack, (await stat(packFile(folder, pack))).size])
    return new Map(await Promise.all(sizes))
  },
  /** 0 where nothing was taken in yet. */
  newest: (sizes: ReadonlyMap<number, number>): number => Math.max(0, ...[...sizes.keys()].filter((pack) => isWithin(pack, packNumbers.taking))),
  isCleared: (pack: number): boolean => isWithin(pack, packNumbers.clearing),
  /** Off the disk when it resolves, but for who has it open. */
  async unlink(pack: number): Promise<void> {
    await rm(packFile(folder, pack), { force: true })
    await syncFolder(folder)
  }
})

const noFolder = (error: unknown): string[] => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}
