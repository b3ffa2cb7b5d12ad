import type { MailAuthentication } from '#contract/authentication.ts'

/** What SPF, DKIM and DMARC say, in words for an administrator: `DMARC fail for example.com (policy reject), SPF …, DKIM …`. */
export function describeAuthentication({ dmarc, spf, dkim, by }: MailAuthentication): string {
  const policy = dmarc.policy === '' ? '' : ` (policy ${dmarc.policy})`
  const signatures = dkim.filter(({ result }) => result !== 'none').slice(0, mostSignatures)
  const said = [
    `DMARC ${dmarc.result}${dmarc.domain === '' ? '' : ` for ${dmarc.domain}`}${policy}`,
    `SPF ${spf.result}${spf.domain === '' ? '' : ` for ${spf.domain}`}`,
    signatures.length === 0 ? 'no DKIM signature' : `DKIM ${signatures.map(({ result, domain }) => (domain === '' ? result : `${result} for ${domain}`)).join(' and ')}`
  ]
  return `${said.join(', ')}${by === 'trusted-server' ? ', by a server that is trusted' : ''}`
}

const mostSignatures = 5
