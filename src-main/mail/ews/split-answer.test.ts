import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { element, soapEnvelope } from './soap-envelope.ts'
import { splitAnswer } from './split-answer.ts'
import { at, readXml, textAt, within } from './xml-tree.ts'

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

test('messages are taken out of an answer however it is cut, and everything else stays', async () => {
  const first = randomBytes(1_000)
  const second = Buffer.from('Subject: ü\r\n\r\n')
  const wrapped = (first.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n')
  const answer = `<?xml version="1.0"?><s:A><t:MimeContent CharacterSet="UTF-8">${wrapped}</t:MimeContent><t:Subject>Grüße &lt;x&gt; 😀</t:Subject><MimeContent>${second.toString('base64')}</MimeContent><t:MimeContent/><t:MimeContentX>no</t:MimeContentX><t:MimeContent></t:MimeContent></s:A>`
  for (const size of [1, 2, 3, 7, 64, 1_000, 100_000]) {
    const { xml, mimes } = await splitAnswer(pieces(answer, size))
    assert.equal(mimes.length, 3, String(size))
    assert.ok(mimes[0]?.equals(first) && mimes[1]?.equals(second) && mimes[2]?.length === 0, String(size))
    assert.equal(textAt(readXml(xml), 'Subject'), 'Grüße <x> 😀')
    assert.deepEqual(readXml(xml)?.children.filter(({ name }) => name === 'MimeContent').map(({ text }) => text), ['0', '1', '', '2'])
    assert.equal(textAt(readXml(xml), 'MimeContentX'), 'no')
  }
})

test('an answer that ends within a message is not taken for whole', async () => {
  await assert.rejects(splitAnswer(pieces('<a><t:MimeContent>QUJD', 5)), /within a message/)
})

test('what is no XML, or has a document type, is no answer', () => {
  for (const text of ['', 'hello', '{"a":1}', '<!DOCTYPE html><html></html>', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<']) assert.equal(readXml(text), null, text)
})

test('elements are found without their prefix, with their attributes', () => {
  const root = readXml('<?xml version="1.0"?><m:A xmlns:m="x"><m:B Id="1&amp;2"><C>t</C></m:B><m:B Id="3"/></m:A>')
  assert.equal(at(root, 'B')?.attributes.Id, '1&2')
  assert.equal(textAt(root, 'B', 'C'), 't')
  assert.equal(within(root, 'C')?.text, 't')
  assert.equal(at(root, 'X', 'C'), null)
})

test('what is put into a request comes out of it unchanged', () => {
  const nasty = 'a<b>&"c"\'d\' ü 😀 ]]> \t\r\n end'
  const root = readXml(soapEnvelope(element('m:X', { A: nasty, None: null }, [element('t:Y', {}, nasty), null]), 'a&b@example.com'))
  assert.deepEqual([within(root, 'X')?.attributes, within(root, 'Y')?.text, within(root, 'SmtpAddress')?.text], [{ A: nasty }, nasty, 'a&b@example.com'])
  assert.equal(element('a', {}, 'x\u0000\u0008\ufffey\ud800').xml, '<a>xy\ufffd</a>')
})
