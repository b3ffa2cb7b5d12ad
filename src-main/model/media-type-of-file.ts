/** Media type of a file by the ending of its name (IANA), as other mail programs name it; what is not known is a file of bytes. */
export const mediaTypeOfFile = (name: string): string => mediaTypes.get(/\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? '') ?? 'application/octet-stream'

const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['txt', 'text/plain'], ['log', 'text/plain'], ['csv', 'text/csv'], ['html', 'text/html'], ['htm', 'text/html'], ['ics', 'text/calendar'], ['vcf', 'text/vcard'], ['md', 'text/markdown'],
  ['png', 'image/png'], ['jpg', 'image/jpeg'], ['jpeg', 'image/jpeg'], ['gif', 'image/gif'], ['webp', 'image/webp'], ['svg', 'image/svg+xml'], ['bmp', 'image/bmp'], ['tif', 'image/tiff'], ['tiff', 'image/tiff'], ['heic', 'image/heic'],
  ['pdf', 'application/pdf'], ['zip', 'application/zip'], ['gz', 'application/gzip'], ['json', 'application/json'], ['xml', 'application/xml'], ['rtf', 'application/rtf'],
  ['doc', 'application/msword'], ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'], ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt', 'application/vnd.ms-powerpoint'], ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['odt', 'application/vnd.oasis.opendocument.text'], ['ods', 'application/vnd.oasis.opendocument.spreadsheet'], ['odp', 'application/vnd.oasis.opendocument.presentation'],
  ['mp3', 'audio/mpeg'], ['wav', 'audio/wav'], ['mp4', 'video/mp4']
])
