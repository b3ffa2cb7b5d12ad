import { readdir, rm, stat } from 'node:fs/promises'
import { unlessMissing } from '../data-folder/unless-missing.ts'
import { syncFolder } from '../data-folder/write-file-durably.ts'
import { packFile, packNumber, packNumbers, type PackNumbers } from './pack-file.ts'

/** The numbers of the packs that are in a folder. */
export const packsIn = async (folder: string): Promise<number[]> => (await readdir(folder).catch(unlessMissing<string[]>([]))).flatMap((name) => packNumber(name) ?? [])

/** The highest of the numbers that are in the range; 0 where none is. */
export const newestOf = (packs: Iterable<number>, numbers: PackNumbers): number => Math.max(0, ...[...packs].filter((pack) => isWithin(pack, numbers)))

const isWithin = (pack: number, { from, below }: PackNumbers): boolean => pack >= from && pack < below

/** The pack files of a folder, for who gives room back: their sizes by number, which one is written to, and their deletion. */
export const packFiles = (folder: string) => ({
  async sizes(): Promise<Map<number, number>> {
    const sizes = (await packsIn(folder)).map(async (pack): Promise<[number, number]> => [pack, (await stat(packFile(folder, pack))).size])
    return new Map(await Promise.all(sizes))
  },
  /** 0 where nothing was taken in yet. */
  newest: (sizes: ReadonlyMap<number, number>): number => newestOf(sizes.keys(), packNumbers.taking),
  isCleared: (pack: number): boolean => isWithin(pack, packNumbers.clearing),
  /** Off the disk when it resolves, but for who has it open. */
  async unlink(pack: number): Promise<void> {
    await rm(packFile(folder, pack), { force: true })
    await syncFolder(folder)
  }
})
