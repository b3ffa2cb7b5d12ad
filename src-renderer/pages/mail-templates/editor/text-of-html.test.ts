import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOfHtml } from './text-of-html.ts'

const cases: readonly [what: string, html: string, text: string][] = [
  ['nothing', '', ''],
  ['paragraphs stand apart', '<p>Hello,</p><p>it works.</p>', 'Hello,\n\nit works.\n'],
  ['a break is a new line', '<p>Regards<br>Ann</p>', 'Regards\nAnn\n'],
  ['an empty paragraph parts no more than a paragraph does', '<p>One</p><p><br></p><p>Two</p>', 'One\n\nTwo\n'],
  ['marks leave no trace', '<p>This is <strong>bo<em>ld</em></strong>, <u>really</u>.</p>', 'This is bold, really.\n'],
  ['white space is one space', '<p>\n  one\n  two&nbsp; three\n</p>', 'one two three\n'],
  ['entities', '<p>1 &lt; 2 &amp;&amp; &quot;x&quot; &#8364;&#x20AC; &unknown;</p>', '1 < 2 && "x" €€ &unknown;\n'],
  ['placeholders stay', '<p>Number {{number}} of <b>{{requester}}</b></p>', 'Number {{number}} of {{requester}}\n'],
  ['lists', '<p>Next:</p><ul><li><p>wait</p></li><li><p>call</p></li></ul><p>Bye</p>', 'Next:\n\n- wait\n- call\n\nBye\n'],
  ['numbered lists, one in the other', '<ol><li><p>first</p><ul><li><p>inner</p></li></ul></li><li><p>second</p></li></ol>', '1. first\n  - inner\n2. second\n'],
  ['a numbered list that begins later', '<ol start="3"><li>three</li></ol>', '3. three\n'],
  ['a link names its address', '<p>See <a href="https://desk.example.com/{{number}}">the desk</a>.</p>', 'See the desk (https://desk.example.com/{{number}}).\n'],
  ['a link that is its address says it once', '<p><a href="https://a.example">https://a.example</a> <a href="mailto:it@example.com">it@example.com</a></p>', 'https://a.example it@example.com\n'],
  ['a picture by its description; one without is silent', '<p><img src="data:image/png;base64,AA==" alt="Logo"><img src="x"></p><p>Text</p>', '[Logo]\n\nText\n'],
  ['a table by its rows', '<table><tbody><tr><th><p>Number</p></th><th><p>State</p></th></tr><tr><td><p>12</p></td><td><p>open</p></td></tr></tbody></table><p>End</p>', 'Number | State\n12 | open\n\nEnd\n'],
  ['a quotation', '<blockquote><p>You wrote</p><p>this</p></blockquote><p>Yes</p>', '> You wrote\n\n> this\n\nYes\n'],
  ['a rule', '<p>One</p><hr><p>Two</p>', 'One\n\n----------\n\nTwo\n'],
  ['what is not shown', '<style>p { color: red }</style><!-- note --><p>Shown</p><script>alert(1)</script>', 'Shown\n'],
  ['a sign in an attribute ends no tag', '<p title="a > b">x</p>', 'x\n'],
  ['a tag that never ends is text', '<p>a</p><a "b', 'a\n\n<a "b\n'],
  ['a comment that never ends is the rest', '<p>a</p><!-- b', 'a\n'],
  ['broken HTML loses no words', '<p>1 < 2 <b>and', '1 < 2 and\n']
]
for (const [what, html, text] of cases) test(`text of HTML: ${what}`, () => assert.equal(textOfHtml(html), text))

test('text of HTML: what never ends costs no more than what does', () => {
  for (const torn of ['<a "', "<a '", '<!--', '<a ', '<', '<a b=']) {
    const begun = performance.now()
    textOfHtml(torn.repeat(100_000))
    assert.ok(performance.now() - begun < 2_000, torn)
  }
})
