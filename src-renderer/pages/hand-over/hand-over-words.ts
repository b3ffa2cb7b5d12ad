import type { HandOverEvent, HandOverRow, HandOverTarget } from '#contract/hand-over.ts'
import type { Tone } from '../../components/status-mark.tsx'

export const kindWords: Record<HandOverTarget['kind'], { label: string; short: string; hint: string; secret: string; secretHelper: string; url: string }> = {
  json: { label: 'Signed JSON (webhook)', short: 'Signed JSON', hint: 'One POST for each event, signed by Standard Webhooks', secret: 'Signing secret', secretHelper: 'The receiver checks the signature with the same secret.', url: 'https://hooks.example.com/mailroom' },
  'servicedesk-plus': { label: 'ServiceDesk Plus (API v3)', short: 'ServiceDesk Plus', hint: 'Requests, replies and changes through its API', secret: 'Technician key', secretHelper: 'The API key of a technician who may add requests.', url: 'https://desk.example.com' }
}
export const eventWords: Record<HandOverEvent, string> = { 'request-created': 'New request', 'reply-added': 'Reply', 'request-changed': 'Change' }
export const stateWords: Record<HandOverRow['state'], { tone: Tone; words: string }> = { waiting: { tone: 'paused', words: 'Waiting' }, refused: { tone: 'bad', words: 'Refused' }, delivered: { tone: 'good', words: 'Delivered' } }

/** A new signing secret: 32 bytes by chance, as Standard Webhooks writes them (https://github.com/standard-webhooks/standard-webhooks, "Secret"). */
export const newSigningSecret = (): string => `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
