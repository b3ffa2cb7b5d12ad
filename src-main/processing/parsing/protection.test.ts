import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArmor } from './protection.ts'

const signature = '-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----'
/** RFC 9580 7. */
const table: [string, string, string, string | null][] = [
  ['clear-signed', `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n${signature}\n`, 'Hello', 'pgp-signed'],
  ['without a hash', `-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n${signature}`, 'Hello', 'pgp-signed'],
  ['dashes', `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nHello\n- -- \n- - one\n${signature}`, 'Hello\n-- \n- one', 'pgp-signed'],
  ['text around it', `Before\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nHello\n${signature}\n\nFooter`, 'Before\n\nHello\n\nFooter', 'pgp-signed'],
  ['no end', '-----BEGIN PGP SIGNED MESSAGE-----\n\nHello', '-----BEGIN PGP SIGNED MESSAGE-----\n\nHello', null],
  ['quoted', `> -----BEGIN PGP SIGNED MESSAGE-----\n> \n> Hello\n${signature.replace(/^/gm, '> ')}`, `> -----BEGIN PGP SIGNED MESSAGE-----\n> \n> Hello\n${signature.replace(/^/gm, '> ')}`, null],
  ['encrypted', '-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----', '-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----', 'pgp-encrypted'],
  ['a key', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx', null],
  ['none', 'Hello', 'Hello', null]
]
for (const [what, text, read, protection] of table) test(`PGP in a text: ${what}`, () => assert.deepEqual(readArmor(text), { text: read, protection }))
