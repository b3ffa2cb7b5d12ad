import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAuthenticationResults, type WrittenResults } from './read-authentication-results.ts'

const said = (results: WrittenResults | null): string =>
  results === null ? 'nothing' : [`spf=${results.spf.result}/${results.spf.domain}`, `dkim=${results.dkim.map(({ result, domain }) => `${result}/${domain}`).join(',')}`, `dmarc=${results.dmarc.result}/${results.dmarc.domain}/${results.dmarc.policy}`].join(' ')
const field = (value: string, name = 'authentication-results') => ({ name, value })

const table: [what: string, value: string, trusted: string, expected: string][] = [
  ['RFC 8601 B.2: no results', 'example.org 1; none', 'example.org', 'spf=none/ dkim= dmarc=none//'],
  ['RFC 8601 B.3: one result', 'example.com;\r\n spf=pass smtp.mailfrom=example.net', 'example.com', 'spf=pass/example.net dkim= dmarc=none//'],
  ['RFC 8601 B.5: comments', 'example.com; dkim=pass reason="good signature" header.i=@mail-router.example.net; dkim=fail reason="bad signature" header.i=@newyork.example.com', 'example.com', 'spf=none/ dkim=pass/mail-router.example.net,fail/newyork.example.com dmarc=none//'],
  ['RFC 8601 B.7: comments everywhere', 'foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn\'t expecting it) 1362471462', 'foo.example.net', 'spf=none/ dkim=fail/ dmarc=none//'],
  ['Gmail', 'mx.google.com;\r\n dkim=pass header.i=@example.com header.s=s1 header.b=abc;\r\n spf=pass (google.com: domain of ann@example.com designates 192.0.2.1 as permitted sender; x) smtp.mailfrom=ann@example.com;\r\n dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=example.com', 'MX.google.com', 'spf=pass/example.com dkim=pass/example.com dmarc=pass/example.com/reject'],
  ['OpenDMARC', 'mx.example.org; dmarc=fail (p=quarantine dis=none) header.from=example.com', 'mx.example.org', 'spf=none/ dkim= dmarc=fail/example.com/quarantine'],
  ['RFC 9989 9.1: the policy as a property', 'mx.example.org; dmarc=fail header.from=example.com policy.dmarc=reject', 'mx.example.org', 'spf=none/ dkim= dmarc=fail/example.com/reject'],
  ['a quoted name and an old result', '"mx.example.org"; spf=hardfail smtp.mailfrom="ann@example.com"', 'mx.example.org', 'spf=fail/example.com dkim= dmarc=none//'],
  ['a result nobody registered', 'mx.example.org; spf=splendid smtp.mailfrom=example.com', 'mx.example.org', 'spf=neutral/example.com dkim= dmarc=none//'],
  ['another server', 'mx.evil.example; spf=pass smtp.mailfrom=example.com', 'mx.example.org', 'nothing'],
  ['a name that only begins alike', 'mx.example.org.evil.example; spf=pass smtp.mailfrom=example.com', 'mx.example.org', 'nothing'],
  ['no name', 'spf=pass smtp.mailfrom=example.com', 'mx.example.org', 'nothing'],
  ['an open comment', 'mx.example.org; spf=pass (smtp.mailfrom=example.com; dmarc=pass', 'mx.example.org', 'spf=pass/ dkim= dmarc=none//'],
  ['results in a comment', 'mx.example.org; spf=fail (dmarc=pass; dmarc=pass) smtp.mailfrom=example.com', 'mx.example.org', 'spf=fail/example.com dkim= dmarc=none//']
]
for (const [what, value, trusted, expected] of table) test(`Authentication-Results: ${what}`, () => assert.equal(said(readAuthenticationResults([field(value)], [trusted])), expected))

test('only the topmost field of a trusted name counts (RFC 8601 5)', () => {
  const fields = [field('mx.other.example; spf=pass smtp.mailfrom=a.example'), field('mx.example.org; spf=fail smtp.mailfrom=b.example'), field('mx.example.org; spf=pass smtp.mailfrom=b.example; dmarc=pass header.from=b.example')]
  assert.equal(said(readAuthenticationResults(fields, ['mx.example.org'])), 'spf=fail/b.example dkim= dmarc=none//')
  assert.equal(readAuthenticationResults(fields, []), null)
})

test('Microsoft writes no name into its field (Defender for Office 365, message headers)', () => {
  const results = field('spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=pass (signature was verified) header.d=example.com;dmarc=fail action=oreject header.from=example.com;compauth=fail reason=000')
  const received = (by: string) => field(`from mx (192.0.2.1) by ${by} (2603:10a6::1) with Microsoft SMTP Server; Sat, 21 Nov 2026 08:00:00 +0000`, 'received')
  assert.equal(said(readAuthenticationResults([received('AM0PR01MB1.eurprd01.prod.outlook.com'), results], ['protection.outlook.com'])), 'spf=pass/example.com dkim=pass/example.com dmarc=fail/example.com/reject')
  assert.equal(readAuthenticationResults([received('mx.example.org'), results], ['protection.outlook.com']), null)
  assert.equal(readAuthenticationResults([received('x.outlook.com.evil.example'), results], ['protection.outlook.com']), null)
})

test('a hostile field takes no time', () => {
  for (const letter of ['(', '"', ';', '\\', 'a=', ' ', 'dkim=pass;']) readAuthenticationResults([field(`mx.example.org; ${letter.repeat(200_000)}`)], ['mx.example.org'])
  const began = performance.now()
  for (const letter of ['(', '"', ';', '\\', 'a=', ' ', 'dkim=pass;', 'a.']) readAuthenticationResults([field(`mx.example.org; ${letter.repeat(200_000)}`)], ['mx.example.org'])
  assert.ok(performance.now() - began < 1_000)
})
