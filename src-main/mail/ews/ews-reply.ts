import type { HttpStream } from '../connection/http-client.ts'
import { splitAnswer } from './split-answer.ts'
import { at, readXml, textAt, within, type XmlNode } from './xml-tree.ts'

/** One response message. `node` is its element; `backOffMs` how long the server wants to be left alone, null where it does not say. */
export type EwsResponse = { ok: boolean; code: string; text: string; backOffMs: number | null; node: XmlNode }
/** `mimes` are the messages in the order of their numbers in MimeContent; `version` is that of the server, such as `15.2.1544`. */
export type EwsReply = { responses: EwsResponse[]; mimes: Buffer[]; version: string; isFault: boolean }

/**
 * Reads an answer to its end. What is no SOAP comes back as text (shortened). A SOAP fault is a reply with one response.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsemessages
 */
export async function readEwsReply(answer: Pick<HttpStream, 'status' | 'body'>): Promise<EwsReply | { text: string }> {
  const { xml, mimes } = await splitAnswer(answer.body)
  const root = readXml(xml)
  const body = at(root, 'Body')
  if (root?.name !== 'Envelope' || body === null) return { text: xml.slice(0, 20_000) }
  const version = versionOf(at(root, 'Header', 'ServerVersionInfo'))
  const fault = at(body, 'Fault')
  if (fault !== null) return { responses: [faultOf(fault)], mimes, version, isFault: true }
  const messages = within(body, 'ResponseMessages')?.children ?? []
  return { responses: messages.map(responseOf), mimes, version, isFault: false }
}

function responseOf(node: XmlNode): EwsResponse {
  const code = textAt(node, 'ResponseCode').trim()
  return { ok: node.attributes.ResponseClass === 'Success', code, text: textAt(node, 'MessageText'), backOffMs: backOffOf(at(node, 'MessageXml')), node }
}

function faultOf(node: XmlNode): EwsResponse {
  const code = within(node, 'ResponseCode')?.text.trim() || (textAt(node, 'faultcode').split(':').at(-1) ?? '')
  return { ok: false, code, text: within(node, 'Message')?.text ?? textAt(node, 'faultstring'), backOffMs: backOffOf(within(node, 'MessageXml')), node }
}

/** https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange */
function backOffOf(messageXml: XmlNode | null): number | null {
  const value = messageXml?.children.find(({ attributes }) => attributes.Name === 'BackOffMilliseconds')?.text
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Number(value) : null
}

function versionOf(node: XmlNode | null): string {
  return node === null ? '' : ['MajorVersion', 'MinorVersion', 'MajorBuildNumber'].map((name) => node.attributes[name] ?? '').join('.')
}

/** For a server that does not say how long: from 2 seconds on, doubled with each try, at most a minute; `chance` (0 to 1) spreads it by half. */
export const backOff = (tried: number, chance: number): number => Math.min(60_000, 2_000 * 2 ** (tried - 1)) * (0.75 + chance / 2)
