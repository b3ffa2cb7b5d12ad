import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import { withPlaceholdersFilled, type MailTemplate, type Placeholder, type TemplatePreview } from '../../src-contract/mail-template.ts'
import type { Problem } from '../../src-contract/problem.ts'
import type { Settings } from '../../src-contract/settings.ts'

type Part = 'template.preview' | 'template.send-sample'
type Handlers = { [Name in Extract<Part, CallName>]: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }
type Needs = { fail: (problem: Problem) => never; later: (ms: number) => Promise<void>; newest: () => number }

/** A dot of one pixel. */
export const samplePicture = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADAgH/5p3X3wAAAABJRU5ErkJggg=='

const closed: MailTemplate = {
  subject: 'Closed: {{subject}}',
  text: 'Hello {{requester}},\n\nyour request {{number}} is closed.\n\nService desk (https://desk.example.com/{{number}})\n',
  html: `<p>Hello {{requester}},</p><p>your request <strong>{{number}}</strong> is closed.</p><ul><li><p>Made: {{createdAt}}</p></li><li><p>Category: {{category}}</p></li></ul><p><img src="${samplePicture}" alt="Logo" width="120"> <a href="https://desk.example.com/{{number}}">Service desk</a></p>`
}
export const sampleMails: Settings['requestMails'] = [
  { name: 'Tell who asked that it is done', enabled: true, event: 'request-closed', partitions: [], to: ['requester', 'cc'], template: closed },
  { name: 'Replies to the technician', enabled: true, event: 'reply-received', partitions: ['IT'], to: ['technician', 'desk@example.com'], template: { subject: '{{requester}} wrote about {{number}}', text: '{{requester}} <{{requesterAddress}}> wrote:\n\n{{message}}\n', html: null } },
  { name: 'Opened again', enabled: false, event: 'request-reopened', partitions: [], to: ['technician'], template: { subject: 'Again: {{subject}}', text: 'Designed by hand.\n', html: '<div class="frame"><p style="color: #444444">{{subject}}</p></div>' } }
]

const values: Record<Placeholder, string> = {
  number: '1204', subject: 'Printer on the 3rd floor', requester: 'Ann Meyer', requesterAddress: 'ann.meyer@example.com', partition: 'IT', status: 'Open', createdAt: '2026-11-20 08:00 UTC',
  category: 'Hardware', priority: 'High', technician: 'Tomas Novak', group: 'Service desk', message: 'Since this morning it shows 59.F0.', senderName: 'IT service desk'
}

/** A preview with made-up values, and a server that takes samples but for those to nobody. */
export const mailTemplateCalls = ({ fail, later, newest }: Needs): Handlers => {
  const filled = ({ subject, text, html }: MailTemplate, request: number | null): TemplatePreview => {
    if (request !== null && request > newest()) return fail({ code: 'not-found', what: 'request', name: String(request), nearest: null })
    const valueOf = (name: Placeholder): string => (name === 'number' && request !== null ? String(request) : values[name])
    return { subject: withPlaceholdersFilled(subject, valueOf), text: withPlaceholdersFilled(text, valueOf), html: html === null ? null : withPlaceholdersFilled(html, valueOf) }
  }
  return {
    'template.preview': ({ template, request }) => filled(template, request),
    'template.send-sample': async ({ template, request, to }) => {
      filled(template, request)
      await later(150)
      return to.startsWith('nobody') ? fail({ code: 'recipient-refused', server: 'main', recipients: [to], serverSaid: '550 5.1.1 <nobody@example.com>: Recipient address rejected' }) : { messageId: '<sample.1@mailroom>', serverSaid: '250 2.0.0 Ok: queued as 4Ff9xk1Z', through: 'primary', accepted: [to], refused: [] }
    }
  }
}
