import { createHmac, hkdfSync } from 'node:crypto'

/** Keys of one database file: `seal` encrypts its records, `check` proves their heads. */
export type FileKeys = { seal: Buffer; check: Buffer }

/** The key of the database, derived from the data key so that no two rooms share one. */
export const databaseKey = (dataKey: Buffer): Buffer => derive(dataKey, Buffer.alloc(0), 'mailroom database 1')

/** Each file has keys of its own (by its salt), so a record cannot move from one file to another. */
export const fileKeys = (key: Buffer, salt: Buffer): FileKeys => ({ seal: derive(key, salt, 'seal'), check: derive(key, salt, 'check') })

/** Tells a wrong data key from a damaged file; says nothing about the key. */
export const keyMark = (key: Buffer): Buffer => createHmac('sha256', key).update('key mark').digest().subarray(0, 8)

const derive = (key: Buffer, salt: Buffer, info: string): Buffer => Buffer.from(hkdfSync('sha256', key, salt, info, 32))
