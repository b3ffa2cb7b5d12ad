import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findInFolder, type PresentMessage, type SoughtMessage } from './find-in-folder.ts'

const sought = (more: Partial<SoughtMessage>): SoughtMessage => ({ messageId: null, subject: 'Printer', from: 'ann@example.com', size: 100, isDownloaded: true, ...more })
const present = (id: string, more: Partial<PresentMessage> = {}): PresentMessage => ({ id, messageId: null, subject: 'Printer', from: 'Ann <ann@example.com>', size: 100, ...more })

const rows: [string, SoughtMessage[], PresentMessage[], (string | null)[]][] = [
  ['by Message-ID, with or without brackets', [sought({ messageId: '<1@x>' })], [present('a', { messageId: '2@x' }), present('b', { messageId: '1@x', subject: 'changed by a gateway', size: 7 })], ['b']],
  ['two with the same Message-ID: the one of the same size', [sought({ messageId: '<1@x>', size: 20 })], [present('a', { messageId: '1@x', size: 10 }), present('b', { messageId: '1@x', size: 20 })], ['b']],
  ['of the same size too: the one with the same subject', [sought({ messageId: '<1@x>' })], [present('a', { messageId: '1@x', subject: 'Screen' }), present('b', { messageId: '1@x' })], ['b']],
  ['both of them: each its own', [sought({ messageId: '<1@x>' }), sought({ messageId: '<1@x>' })], [present('a', { messageId: '1@x' }), present('b', { messageId: '1@x' })], ['a', 'b']],
  ['three sought, two there', [sought({ messageId: '<1@x>' }), sought({ messageId: '<1@x>' }), sought({ messageId: '<1@x>' })], [present('a', { messageId: '1@x' }), present('b', { messageId: '1@x' })], ['a', 'b', null]],
  ['without Message-ID by subject and sender', [sought({})], [present('a', { subject: 'Other' }), present('b', { from: 'bob@example.com' }), present('c')], ['c']],
  ['one without is never taken for one that has a Message-ID', [sought({})], [present('a', { messageId: '1@x' })], [null]],
  ['folding and case of a subject do not matter', [sought({ subject: 'Printer  on fire' })], [present('a', { subject: 'printer on\tfire' })], ['a']],
  ['a size that a server only estimates does not stand in the way', [sought({ size: 100 })], [present('a', { size: 130 })], ['a']],
  ['the same size is preferred', [sought({ size: 130 })], [present('a', { size: 100 }), present('b', { size: 130 })], ['b']],
  ['no sender known', [sought({ from: '' })], [present('a', { from: '' })], ['a']],
  ['never downloaded: by size alone, whatever it is called', [sought({ isDownloaded: false, subject: '', from: '', size: 999 })], [present('a'), present('b', { messageId: '1@x', size: 999 })], ['b']],
  ['never downloaded leaves what others are known by', [sought({ isDownloaded: false, size: 100 }), sought({ messageId: '<1@x>' })], [present('a', { messageId: '1@x' }), present('b', { messageId: '2@x' })], ['b', 'a']],
  ['nothing there', [sought({})], [], [null]]
]
for (const [title, wanted, there, expected] of rows) test(title, () => assert.deepEqual(findInFolder(wanted, there), expected))
