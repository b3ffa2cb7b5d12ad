/** Bytes of a disk: free for this user, and in all. */
export type DiskRoom = { free: number; total: number }

const few = { bytes: 500_000_000, part: 0.02 }
/** Well again only with a fifth more than that, so that a disk at the edge does not tell again and again. */
const wellAgain = 1.2

/** Whether a disk is filling; `before`: whether it was. */
export const isDiskFilling = ({ free, total }: DiskRoom, before: boolean): boolean => {
  const margin = before ? wellAgain : 1
  return free < few.bytes * margin || free < total * few.part * margin
}
