import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textFromHtml } from './text-from-html.ts'

const table: [string, string, string][] = [
  ['paragraphs', '<p>One</p>\r\n<p>Two</p>', 'One\n\nTwo'],
  ['lines of divisions', '<div>One</div><div>Two</div><div><br></div><div>Three</div>', 'One\nTwo\n\nThree'],
  ['line breaks', 'One<br>Two<br/><br>Three', 'One\nTwo\n\nThree'],
  ['white space', '  One\n\t two <b> three</b>  four ', 'One two three four'],
  ['no space is made up', 'b<b>ol</b>d', 'bold'],
  ['references', '&lt;a&gt; &amp;amp; &quot;&eacute;&#8364;&#x20ac;&#150;&nbsp;x &unknown; &copy', '<a> &amp; "é€€– x &unknown; ©'],
  ['what does not show', '<head><title>T</title><style>p{}</style></head><!-- c --><script>1<2</script>Shown', 'Shown'],
  ['link', '<a href="https://example.com/x">Look</a>', 'Look (https://example.com/x)'],
  ['link that is its own text', '<a href="https://example.com/">https://example.com</a>, <a href="mailto:a@b.c">a@b.c</a>', 'https://example.com, a@b.c'],
  ['script link', '<a href="javascript:x">Look</a>', 'Look'],
  ['list', '<ul><li>One</li><li>Two</li></ul>After', '* One\n* Two\nAfter'],
  ['numbered list, not closed', '<ol><li>One<li>Two</ol>', '1. One\n2. Two'],
  ['table', '<table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>D</td></tr></table>', 'A\tB\nC\tD'],
  ['quote', '<p>Yes</p><blockquote>One<br>Two</blockquote><p>End</p>', 'Yes\n\n> One\n> Two\n\nEnd'],
  ['preformatted', '<pre>a\n  b</pre>', 'a\n  b'],
  ['picture', '<img src="x" alt="A chart"> below', '[A chart] below'],
  ['greater sign in an attribute', '<p title="a>b">Text</p>', 'Text'],
  ['smaller sign in text', '1 < 2 and 3 <4', '1 < 2 and 3 <4'],
  ['unfinished tag', 'Text <a href="x', 'Text'],
  ['stray quote in a tag', '<p ">Text</p><p>More</p>', 'Text\n\nMore'],
  ['nothing', '', '']
]
for (const [what, html, expected] of table) test(`text of HTML: ${what}`, () => assert.equal(textFromHtml(html), expected))
