/**
 * A server's line without what it holds of a message: of an IMAP FETCH response (RFC 3501 7.4.2) the numbers, flags and names of what came stay,
 * header fields, envelopes and bodies become `{123 bytes}`.
 */
export const withoutMessage = (line: string): string => {
  const [, begin = '', data] = /^(\* \d+ FETCH )(.*)$/is.exec(line) ?? []
  if (data === undefined) return line
  const literals = [...data.matchAll(/\(\* (\d+)B (?:literal|string) \*\)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
  // Strings go before anything is looked for: a subject may look like a name.
  const bare = data.replace(/"(?:[^"\\]|\\.)*(?:"|$)/g, '""')
  const facts = [...bare.matchAll(/\b(?:UID|RFC822\.SIZE) \d{1,20}\b|\bMODSEQ \(\d{1,20}\)|\bFLAGS \([\\$\w. -]{0,500}\)/gi)].map(([fact]) => fact)
  const parts = [...bare.matchAll(/\b(?:ENVELOPE|BODYSTRUCTURE|RFC822(?:\.(?:HEADER|TEXT))?(?![.\w])|BODY\[[\w. ()-]{0,100}\](?:<\d+>)?|BODY(?= \())/gi)].map(([part]) => part)
  const size = literals + (data.length - bare.length)
  return `${begin}(${[...facts, ...parts, ...(parts.length > 0 || size > 0 ? [`{${size} bytes}`] : [])].join(' ')})`
}
