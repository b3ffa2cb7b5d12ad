declare module 'mailauth/lib/tools.js' {
  const tools: { getAlignment(domain: string, others: readonly string[], strict?: boolean): { domain: string } | false }
  export default tools
}
