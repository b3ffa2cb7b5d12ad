import { downloadByImapFlow } from './imapflow-alone.ts'
import type { BenchMailbox } from './bench-mailbox.ts'

// ImapFlow alone, in a process of its own; prints one line of JSON. Usage: node bench/round-contender.ts MAILBOX-JSON
const [mailboxText = ''] = process.argv.slice(2)
console.log(JSON.stringify(await downloadByImapFlow(JSON.parse(mailboxText) as BenchMailbox)))
process.exit(0)
