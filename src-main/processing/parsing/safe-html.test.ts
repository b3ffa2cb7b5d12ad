import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeHtml } from './safe-html.ts'

const cid = (id: string): string | null => (id === 'logo@x' ? 'data:image/png;base64,AAAA' : id === 'bad' ? 'data:text/html;base64,AAAA' : null)
const table: [string, string, string, boolean][] = [
  ['text', 'a <b>b</b> & c', 'a <b>b</b> &amp; c', false],
  ['script', 'a<script>alert(1)</script>b', 'ab', false],
  ['handlers', '<p onclick="x()" ONLOAD=x>a</p>', '<p>a</p>', false],
  ['script link', '<a href="java\nscript:x">a</a>', '<a>a</a>', false],
  ['link into the console', '<a href="/settings">a</a><a href="#x">b</a>', '<a>a</a><a>b</a>', false],
  ['link', '<a href="https://x.y">a</a>', '<a href="https://x.y" rel="noopener noreferrer" target="_blank">a</a>', false],
  ['embedded picture', '<img src="cid:logo%40x" alt="l">', '<img alt="l" src="data:image/png;base64,AAAA" />', false],
  ['embedded, but no picture', '<img src="cid:bad" alt="l">', '<img alt="l" />', false],
  ['remote picture', '<img src="http://x.y/z.png">', '', true],
  ['remote picture without a scheme', '<img src="//x.y/z.png">', '', true],
  ['remote picture in a set', '<img srcset="http://x.y/z.png 2x">', '', true],
  ['remote background', '<td background="http://x.y/z.png">', '<td></td>', true],
  ['remote background in a style', '<p style="color:red;background:url(http://x.y/z.png)">a</p>', '<p style="color:red">a</p>', true],
  ['data that is no picture', '<img src="data:image/svg+xml;base64,AAAA"><img src="data:text/html,x">', '', false],
  ['styles that escape', '<p style="position:fixed;top:0;margin:-9px;z-index:9;transform:none;color:#fff">a</p>', '<p style="color:#fff">a</p>', false],
  ['styles in disguise', '<p style="background:u\\72l(http://x);width:expression(1);color:red/**/;font:a@import">a</p>', '<p>a</p>', false],
  ['style sheet, link, meta, base', '<style>@import "http://x"</style><link rel=stylesheet href=http://x><meta http-equiv=refresh content="0;url=http://x"><base href=http://x>a', 'a', false],
  ['form', '<form action=http://x><input name=a><button>Go</button></form>', 'Go', false],
  ['svg, math, iframe, object', '<svg><a xlink:href="javascript:1">q</a></svg><math>m</math><iframe src=http://x></iframe><object data=x></object>a', 'a', false],
  ['tags in tags', '<scr<script>x</script>ipt>alert(1)</script>', 'xipt&gt;alert(1)', false],
  ['ids and classes of the console', '<p id="root" class="MuiButton">a</p>', '<p>a</p>', false]
]
for (const [what, html, expected, blocked] of table)
  test(`safe HTML: ${what}`, () => assert.deepEqual(safeHtml(html, { remoteContent: false, cid }), { html: expected, blocked }))

test('remote pictures are let through when asked for, and nothing else is', () => {
  const { html, blocked } = safeHtml('<img src="https://x.y/a.png"><img src="//x.y/b.png"><p style="background:url(https://x.y/c.png)">a</p><script src="https://x.y/d.js"></script><link rel=stylesheet href="https://x.y/e.css">', { remoteContent: true, cid })
  assert.equal(html, '<img src="https://x.y/a.png" /><img src="https://x.y/b.png" /><p style="background:url(&quot;https://x.y/c.png&quot;)">a</p>')
  assert.equal(blocked, false)
})

test('HTML made to exhaust the parser is shown as text', () => {
  const before = process.cpuUsage()
  const { html } = safeHtml(`${'<div>'.repeat(300_000)}x${'</span>'.repeat(300_000)}<script>`, { remoteContent: false, cid })
  const { user, system } = process.cpuUsage(before)
  assert.ok((user + system) / 1000 < 2000)
  assert.equal(html, '<div style="white-space:pre-wrap">x</div>')
})
