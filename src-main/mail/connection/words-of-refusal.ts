const most = 600
/** What providers say why in: JSON of Graph and Google, OAuth (RFC 6749 5.2), SOAP faults of EWS; the title of an error page. */
const telling = [
  /"(?:code|message|error|error_description|reason|status|innerError)"\s*:\s*"(?:[^"\\]|\\.){0,400}"/g,
  /<(?:\w+:)?(faultcode|faultstring|ResponseCode|MessageText|Message|title)\b[^>]{0,100}>[^<]{0,400}/gi
]

/** The words of an error answer that say why, and how much it was; never the rest, which may repeat the request with the message in it. */
export const wordsOfRefusal = (body: Buffer): string => {
  const text = body.toString('utf8', 0, 20_000)
  const words = telling.flatMap((pattern) => [...text.matchAll(pattern)].map(([found]) => found.replace(/<[^>]*>/g, '').trim())).join(' ')
  return `${words.slice(0, most)}${words === '' ? '' : ' '}{${body.length} bytes}`
}
