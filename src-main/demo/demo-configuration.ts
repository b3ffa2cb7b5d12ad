import type { DemoMailbox } from './write-demo-mail.ts'

/**
 * A configuration file for the demo's mail server: partitions IT and HR with the usual matrix and a template each, two mailboxes that
 * work, one whose password is wrong, a draft, an outgoing server for each partition, and rules for what comes in.
 */
export const demoConfiguration = (imap: Record<DemoMailbox, number>, smtp: number): string => `version: 1
partitions:
  - { name: IT, outgoing: main, default: true, priorities: ${matrix} }
  - { name: HR, outgoing: hr-mail, priorities: ${matrix} }
incoming:
  - name: it-support
    partition: IT
    protocol: imap
    host: 127.0.0.1
    port: ${imap.it}
    security: none
    auth: { method: password, user: it@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    addresses: [it@demo.example]
    fetchEvery: 10s
    template: IT
    useLinkedAnalyst: true
    forwarders: [reception@demo.example]
    enabled: true
  - name: hr-desk
    partition: HR
    protocol: imap
    host: 127.0.0.1
    port: ${imap.hr}
    security: none
    auth: { method: password, user: hr@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    addresses: [hr@demo.example]
    fetchEvery: 10s
    template: HR
    keepOriginal: true
    enabled: true
  - name: facilities
    partition: IT
    protocol: imap
    host: 127.0.0.1
    port: ${imap.it}
    security: none
    auth: { method: password, user: facilities@demo.example, secret: "env:MAILROOM_DEMO_WRONG_PASSWORD" }
    fetchEvery: 30s
    push: false
    enabled: true
  - name: travel-desk
    partition: IT
    protocol: pop3
    host: ""
    port: 995
    security: tls
    auth: { method: password, user: travel@demo.example, secret: keychain }
    draft: true
outgoing:
  - name: main
    protocol: smtp
    host: 127.0.0.1
    port: ${smtp}
    security: none
    auth: { method: password, user: it@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    senderName: IT Support
    replyTo: it@demo.example
    conversationId: { attach: true, location: subject }
  - name: hr-mail
    protocol: smtp
    host: 127.0.0.1
    port: ${smtp}
    security: none
    auth: { method: password, user: hr@demo.example, secret: "env:MAILROOM_DEMO_PASSWORD" }
    senderName: Human Resources
    replyTo: hr@demo.example
    conversationId: { attach: true, location: subject }
processing:
  emailCommand: { enabled: true }
  spamRules:
    - name: Out of office
      match: any
      criteria:
        - { field: subject, condition: begins-with, values: [Out of office, Not in today] }
    - name: Full mailboxes
      match: all
      criteria:
        - { field: subject, condition: matches, values: ["mailbox is [0-9]+% full"] }
        - { field: sender, condition: does-not-contain, values: ["@demo.example"] }
  answers: { acknowledge: true, mostPerHour: 1000 }
  attachments: { maxSize: 20MB, blockedExtensions: [exe, bat, cmd, scr, js, vbs], notify: true }
requestTemplates:
  - name: IT
    category: General
    impact: Low
    urgency: Medium
    group: First line
    site: Head office
    mode: E-mail
    additionalFields: [Cost centre]
    requesterFields: [Category, SubCategory, Impact, Urgency, Site, Cost centre]
    resources:
      - key: res_301
        label: Laptop
        questions:
          - { key: qstn_select_302, label: Model, kind: select, options: [14 inch, 16 inch] }
          - { key: qstn_check_303, label: Accessories, kind: check, options: [Headset, Dock, Monitor] }
  - name: HR
    category: Personnel
    impact: Low
    urgency: Low
    group: HR desk
    mode: E-mail
alerts:
  applicationErrors: { enabled: true, to: [lars.berg@demo.example] }
`

/** Rows are impacts, columns urgencies, both from High to Low. */
const rows: readonly (readonly [impact: string, ...priorities: string[]])[] = [['High', 'Critical', 'High', 'Medium'], ['Medium', 'High', 'Medium', 'Low'], ['Low', 'Medium', 'Low', 'Planning']]
const levels = rows.map(([impact]) => impact)
const matrix = JSON.stringify({
  impacts: levels, urgencies: levels, priorities: ['Critical', 'High', 'Medium', 'Low', 'Planning'],
  matrix: rows.flatMap(([impact, ...priorities]) => priorities.map((priority, index) => ({ impact, urgency: levels[index], priority })))
})
