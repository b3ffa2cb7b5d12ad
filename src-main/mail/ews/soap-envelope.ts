/** The version of the schema that is spoken: the first with SuppressReadReceipts. https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-schema-versions-in-exchange */
const schemaVersion = 'Exchange2013_SP1'

/** A piece of a request that is XML already. */
export type Xml = { xml: string }
type Content = Xml | string | null | readonly (Xml | null)[]

/** An element with its attributes (null: left out); text and attribute values are escaped. */
export function element(name: string, attributes: Readonly<Record<string, string | null>>, content: Content = null): Xml {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [` ${key}="${escaped(value)}"`])).join('')
  const inside = inner(content)
  return { xml: inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>` }
}

function inner(content: Content): string {
  if (content === null) return ''
  if (typeof content === 'string') return escaped(content)
  return 'xml' in content ? content.xml : content.map((part) => part?.xml ?? '').join('')
}

/**
 * A whole SOAP 1.1 request in UTF-8. `impersonated` is the SMTP address that an application acts for.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/exchangeimpersonation
 */
export function soapEnvelope(operation: Xml, impersonated: string | null): string {
  const header = element('soap:Header', {}, [
    element('t:RequestServerVersion', { Version: schemaVersion }),
    impersonated === null ? null : element('t:ExchangeImpersonation', {}, element('t:ConnectingSID', {}, element('t:SmtpAddress', {}, impersonated)))
  ])
  const namespaces = {
    'xmlns:soap': 'http://schemas.xmlsoap.org/soap/envelope/',
    'xmlns:m': 'http://schemas.microsoft.com/exchange/services/2006/messages',
    'xmlns:t': 'http://schemas.microsoft.com/exchange/services/2006/types'
  }
  return `<?xml version="1.0" encoding="utf-8"?>${element('soap:Envelope', namespaces, [header, element('soap:Body', {}, operation)]).xml}`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;', '\n': '&#10;', '\t': '&#9;' }

/** What XML 1.0 cannot hold at all (2.2) is left out; white space that parsers would change is written as a reference. */
function escaped(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, '').replace(/[&<>"\r\n\t]/g, (character) => entities[character] ?? character)
}
