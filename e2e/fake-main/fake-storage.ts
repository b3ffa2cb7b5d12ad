import type { StorageUsage } from '#contract/storage.ts'

/** A data folder of two partitions with something that is past its period. */
export const fakeUsage = (isEmpty: boolean): StorageUsage => ({
  at: new Date().toISOString(), folder: '/var/lib/mailroom', freeOnDisk: 81_200_000_000,
  parts: [
    { part: 'messages', bytes: isEmpty ? 0 : 1_430_000_000, files: isEmpty ? 0 : 7 }, { part: 'database', bytes: isEmpty ? 8_200 : 61_000_000, files: 3 }, { part: 'error-records', bytes: isEmpty ? 0 : 84_000, files: isEmpty ? 0 : 23 },
    { part: 'logs', bytes: 1_200_000, files: 2 }, { part: 'window', bytes: 24_000_000, files: 190 }, { part: 'other', bytes: 640, files: 3 }
  ],
  partitions: [
    ...(isEmpty ? [] : [
      { partition: 'HR', what: 'requests' as const, messages: 8_120, bytes: 410_000_000, oldest: '2024-02-03T08:00:00.000Z' },
      { partition: 'IT', what: 'requests' as const, messages: 41_380, bytes: 980_000_000, oldest: '2023-11-20T08:00:00.000Z' }
    ]),
    { partition: null, what: 'error-folder', messages: isEmpty ? 0 : 23, bytes: isEmpty ? 0 : 3_100_000, oldest: isEmpty ? null : '2026-08-01T08:00:00.000Z' },
    { partition: null, what: 'unused', messages: 0, bytes: isEmpty ? 0 : 36_900_000, oldest: null }
  ],
  removable: isEmpty ? { originals: 0, texts: 0, errorRecords: 0 } : { originals: 1_240, texts: 310, errorRecords: 4 },
  lastCleanUp: isEmpty ? null : { at: new Date(Date.now() - 26 * 3_600_000).toISOString(), answer: { originals: 87, texts: 12, errorRecords: 1, logLines: 340, freedBytes: 1_200_000, pendingBytes: 22_000_000 } }
})
