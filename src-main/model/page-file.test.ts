import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageFile } from './page-file.ts'

const rows: [string, string | null][] = [
  ['/', 'index.html'],
  ['/index.html', 'index.html'],
  ['/assets/index-Bx_1.js', 'assets/index-Bx_1.js'],
  ['/mailroom.svg', 'mailroom.svg'],
  ['/../package.json', null],
  ['/assets/../../package.json', null],
  ['/%2e%2e/package.json', null],
  ['/..%2fpackage.json', null],
  ['/assets/..\\..\\package.json', null],
  ['/.env.json', null],
  ['//etc/passwd.txt', null],
  ['/C:/x.js', null],
  ['/a.js\u0000.png', null],
  ['/assets/', null],
  ['/main.map', null],
  ['/%E0%A4%A', null],
  ['relative.js', null],
  ['', null]
]
for (const [path, file] of rows) test(`${JSON.stringify(path)} is ${file}`, () => assert.equal(pageFile(path)?.file ?? null, file))
