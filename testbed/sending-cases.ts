import type { OutboxRow } from '#contract/outbox.ts'
import { testCertificates } from './certificates.ts'
import { startFaultProxy, type Fault } from './fault-proxy.ts'
import { startPostfix, type Postfix } from './postfix.ts'
import { startPolicyServer, startPostgrey } from './postfix-policy.ts'
import { arrivedFor, openSendingOffice, type OfficeServer, type SendingOffice } from './sending-office.ts'

/**
 * What became of the mail of one case. `lost`: should have arrived, did not, and nobody is told that it did not or may not have. `doubled`: copies too many. Minutes are
 * those of the office's clock since it was opened.
 */
export type SendingRow = {
  what: string
  put: number
  arrived: number
  refused: number
  uncertain: number
  waiting: number
  lost: number
  doubled: number
  throughAlternate: number
  firstSent: number | null
  lastSent: number | null
  mostTries: number
  told: string[]
  /** What is not as it should be. */
  wrong: string[]
}
export type SendingCase = { what: string; run(count: number): Promise<SendingRow> }

type Story = {
  servers: (postfixes: readonly Postfix[]) => readonly OfficeServer[]
  postfixes?: readonly Readonly<Record<string, string>>[]
  rate?: number
  /** Addresses that were written to, and what should become of them besides being sent. */
  play(office: SendingOffice, postfixes: readonly Postfix[], count: number): Promise<{ put: string[]; refused?: number; uncertain?: number; code?: string; /** What else is wrong, by how many mails went through the alternate. */
    check?: (through: number) => string | null; told?: string[] }>
}

const one = ([first]: readonly Postfix[], more: object = {}): OfficeServer[] => [{ name: 'Out', port: first?.port ?? 0, ...more }]
const simple = (what: string, story: Story): SendingCase => ({
  what,
  async run(count) {
    const postfixes: Postfix[] = []
    try {
      for (const settings of story.postfixes ?? [{}]) postfixes.push(await startPostfix(settings))
      const office = await openSendingOffice({ servers: story.servers(postfixes), rate: story.rate ?? 1 })
      try {
        const expected = await story.play(office, postfixes, count)
        const messages = (await Promise.all(postfixes.map((postfix) => postfix.delivered()))).flat()
        return compare(what, expected, await office.rows(), arrivedFor(messages), await office.told(expected.told ?? []), office)
      } finally {
        await office.stop()
      }
    } finally {
      for (const postfix of postfixes) await postfix.end()
    }
  }
})

function compare(what: string, expected: Awaited<ReturnType<Story['play']>>, rows: readonly OutboxRow[], arrived: ReadonlyMap<string, number>, told: readonly string[], office: SendingOffice): SendingRow {
  const stateOf = new Map(rows.map((row) => [row.to, row]))
  const of = (state: OutboxRow['state']): OutboxRow[] => rows.filter((row) => row.state === state)
  const sentAt = of('sent').map(({ sentAt }) => office.minuteOf(sentAt ?? '')).sort((a, b) => a - b)
  const wrong: string[] = []
  const wants = (name: string, is: number, should: number): void => void (is === should || wrong.push(`${is} ${name}, not ${should}`))
  wants('refused', of('refused').length, expected.refused ?? 0)
  if (expected.uncertain !== undefined) wants('uncertain', of('uncertain').length, expected.uncertain)
  wants('still waiting', of('waiting').length + of('sending').length + of('held').length, 0)
  for (const row of of('refused')) if (expected.code !== undefined && row.problem?.code !== expected.code) wrong.push(`${row.to}: ${row.problem?.code}`)
  for (const row of of('sent')) if ((arrived.get(row.to) ?? 0) === 0) wrong.push(`${row.to} counts as sent and did not arrive`)
  const through = rows.filter((row) => row.state === 'sent' && row.through === 'alternate').length
  const said = expected.check?.(through) ?? null
  if (said !== null) wrong.push(said)
  for (const kind of expected.told ?? []) if (!told.includes(kind)) wrong.push(`${kind} was not told`)
  return {
    what, put: expected.put.length, arrived: expected.put.filter((address) => (arrived.get(address) ?? 0) > 0).length,
    refused: of('refused').length, uncertain: of('uncertain').length, waiting: of('waiting').length + of('sending').length + of('held').length,
    lost: expected.put.filter((address) => (arrived.get(address) ?? 0) === 0 && !['refused', 'uncertain'].includes(stateOf.get(address)?.state ?? 'gone')).length,
    doubled: [...arrived.values()].reduce((sum, copies) => sum + copies - 1, 0), throughAlternate: through,
    firstSent: sentAt[0] ?? null, lastSent: sentAt.at(-1) ?? null, mostTries: Math.max(0, ...rows.map(({ tries }) => tries)), told: [...new Set(told)], wrong
  }
}

const restrict = (rule: string): Record<string, string> => ({ smtpd_recipient_restrictions: `${rule}, permit_mynetworks, reject` })
const everybody = (action: string): string => `check_recipient_access regexp:{ { /./ ${action} } }`

/** A refusal for good: every mail stays visible with the server's words. */
const refusedFor = (what: string, code: string, settings: Record<string, string>, more: object = {}): SendingCase =>
  simple(`refused: ${what}`, {
    postfixes: [settings], servers: (postfixes) => one(postfixes, more),
    async play(office, _postfixes, count) {
      const put = await office.write('ann', count)
      await office.untilQuiet(2)
      return { put, refused: count, code, told: ['mail-not-sent'] }
    }
  })

/** A refusal for now, which ends after so many minutes. */
const deferredFor = (what: string, settings: Record<string, string>, after: Record<string, string>): SendingCase =>
  simple(`put off: ${what}`, {
    postfixes: [settings], rate: 60, servers: (postfixes) => one(postfixes),
    async play(office, [postfix], count) {
      const put = await office.write('ann', count)
      await office.waitMinutes(10)
      await postfix?.set(after)
      await office.untilQuiet(240)
      return { put }
    }
  })

/** Mail is written all the time while servers are down. */
const downFor = (what: string, minutes: number, rate: number, both: boolean, returnToPrimary: 'manual' | 'health-check'): SendingCase =>
  simple(what, {
    postfixes: [{}, {}], rate,
    servers: ([first, second]) => [
      { name: 'Primary', port: first?.port ?? 0, alternate: { server: 'Second', returnToPrimary } },
      { name: 'Second', port: second?.port ?? 0 }
    ],
    async play(office, [first, second], count) {
      const put = await office.write('before', Math.ceil(count / 10))
      await office.untilQuiet(5)
      await first?.stop()
      if (both) await second?.stop()
      put.push(...(await office.write('during', count, minutes)))
      await first?.start()
      if (both) await second?.start()
      await office.waitMinutes(15)
      put.push(...(await office.write('after', Math.ceil(count / 10))))
      await office.untilQuiet(240)
      return {
        put, told: both ? [] : returnToPrimary === 'health-check' ? ['on-alternate', 'on-primary'] : ['on-alternate'],
        check: (through) => (both || through >= count ? null : `${through} went through the alternate, not ${count}`)
      }
    }
  })

const certificates = testCertificates()
const tls = (name: 'good' | 'unknownIssuer' | 'expired' | 'wrongName'): Record<string, string> => ({ smtpd_tls_security_level: 'encrypt', smtpd_tls_cert_file: certificates[name].certFile, smtpd_tls_key_file: certificates[name].keyFile })
const trusting = { host: 'localhost', security: 'starttls', tls: { minVersion: 'TLSv1.2', caFile: certificates.ca.certFile, pin: null } }

/** No mail may go while the server has no TLS that can be trusted; all of it goes once it has. */
const untrusted = (what: string, settings: Record<string, string>): SendingCase =>
  simple(`TLS: ${what}`, {
    postfixes: [settings], rate: 60, servers: (postfixes) => one(postfixes, trusting),
    async play(office, [postfix], count) {
      const put = await office.write('ann', count)
      await office.waitMinutes(10)
      const early = (await postfix?.delivered())?.length ?? 0
      await postfix?.set(tls('good'))
      await office.untilQuiet(240)
      return { put, check: () => (early === 0 ? null : `${early} went out all the same`) }
    }
  })

export const sendingCases: readonly SendingCase[] = [
  simple('nothing is wrong', { servers: (postfixes) => one(postfixes), async play(office, _postfixes, count) { const put = await office.write('ann', count); await office.untilQuiet(5); return { put } } }),
  refusedFor('550 5.1.1 at RCPT', 'recipient-refused', restrict(everybody('550 5.1.1 No such user'))),
  refusedFor('553 5.7.1 at MAIL', 'sender-refused', { smtpd_sender_restrictions: 'check_sender_access inline:{ { desk@example.com=553 5.7.1 Not your address } }', smtpd_delay_reject: 'no' }),
  refusedFor('550 5.7.1 after DATA', 'mail-refused', { header_checks: 'regexp:{ { /^Subject:/ REJECT 5.7.1 We do not want this } }' }),
  refusedFor('552 5.3.4 by SIZE', 'mail-too-large', { message_size_limit: '300' }),
  deferredFor('452 4.2.2 at RCPT', restrict(everybody('452 4.2.2 Mailbox full')), restrict('permit_mynetworks')),
  deferredFor('451 4.3.0 at MAIL', { smtpd_sender_restrictions: 'check_sender_access inline:{ { desk@example.com=451 4.3.0 Ask later } }', smtpd_delay_reject: 'no' }, { smtpd_sender_restrictions: '' }),
  deferredFor('421 as greeting', { smtpd_client_restrictions: 'check_client_access regexp:{ { /./ 421 4.3.2 Closed for now } }', smtpd_delay_reject: 'no' }, { smtpd_client_restrictions: '' }),
  {
    what: 'greylisting: postgrey, 300 s',
    async run(count) {
      const rate = 60
      const grey = await startPostgrey(300 / rate)
      return simple(this.what, {
        postfixes: [restrict(`check_policy_service inet:127.0.0.1:${grey.port}`)], rate, servers: (postfixes) => one(postfixes),
        async play(office, _postfixes, many) { const put = await office.write('ann', many); await office.untilQuiet(240); return { put } }
      }).run(count).finally(grey.stop)
    }
  },
  {
    what: '421 in mid-pool, each 10th mail',
    async run(count) {
      let asked = 0
      const policy = await startPolicyServer(() => (++asked % 10 === 0 ? '421 4.3.2 Come again on a new connection' : 'dunno'))
      return simple(this.what, {
        postfixes: [restrict(`check_policy_service inet:127.0.0.1:${policy.port}`)], rate: 10, servers: (postfixes) => one(postfixes),
        async play(office, _postfixes, many) { const put = await office.write('ann', many); await office.untilQuiet(240); return { put } }
      }).run(count).finally(policy.stop)
    }
  },
  ...(['unknownIssuer', 'expired', 'wrongName'] as const).map((name) => untrusted(`certificate ${name}`, tls(name))),
  untrusted('STARTTLS is asked for and not offered', { smtpd_tls_security_level: 'none' }),
  cut('the connection ends before the answer to the message', { how: 'end', aim: { side: 'to-client', text: '250 2.0.0 Ok: queued' } }, 3),
  // A mail that goes out in one piece has left the console whole, whatever of it arrived.
  cut('the connection ends while the message is under way', { how: 'reset', aim: { side: 'to-server', text: 'Subject: ' } }, 3),
  cut('the connection ends before the message', { how: 'reset', aim: { side: 'to-server', text: 'RCPT TO' } }, 0),
  downFor('primary down for an hour, back by health check', 60, 60, false, 'health-check'),
  downFor('primary down for an hour, back by hand', 60, 60, false, 'manual'),
  downFor('both down overnight (10 h)', 600, 600, true, 'health-check')
]

/** Strikes three times; once the message is under way nobody can say whether it was taken, before that the mail is simply sent again. */
function cut(what: string, fault: Fault, uncertain: number): SendingCase {
  return {
    what,
    async run(count) {
      const postfix = await startPostfix()
      const proxy = await startFaultProxy(postfix.port)
      proxy.arm({ ...fault, times: 3 })
      const office = await openSendingOffice({ servers: [{ name: 'Out', port: proxy.port }], rate: 60 })
      try {
        const put = await office.write('ann', count)
        await office.untilQuiet(240)
        const told = uncertain > 0 ? ['mail-uncertain'] : []
        return compare(what, { put, uncertain, told, check: () => (proxy.struck() === 3 ? null : `struck ${proxy.struck()} times, not 3`) }, await office.rows(), arrivedFor(await postfix.delivered()), await office.told(told), office)
      } finally {
        await office.stop()
        await proxy.stop()
        await postfix.end()
      }
    }
  }
}
