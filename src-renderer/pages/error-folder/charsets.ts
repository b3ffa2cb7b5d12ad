/** Character sets that mail is written in, as `TextDecoder` knows them. https://encoding.spec.whatwg.org/#names-and-labels */
export const charsets: readonly { value: string; label: string }[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Western (Windows-1252, ISO-8859-1)' }, { value: 'iso-8859-15', label: 'Western with euro (ISO-8859-15)' },
  { value: 'windows-1250', label: 'Central European (Windows-1250)' }, { value: 'iso-8859-2', label: 'Central European (ISO-8859-2)' },
  { value: 'windows-1251', label: 'Cyrillic (Windows-1251)' }, { value: 'koi8-r', label: 'Cyrillic (KOI8-R)' }, { value: 'iso-8859-5', label: 'Cyrillic (ISO-8859-5)' },
  { value: 'windows-1253', label: 'Greek (Windows-1253)' }, { value: 'windows-1254', label: 'Turkish (Windows-1254)' }, { value: 'windows-1255', label: 'Hebrew (Windows-1255)' },
  { value: 'windows-1256', label: 'Arabic (Windows-1256)' }, { value: 'windows-1257', label: 'Baltic (Windows-1257)' }, { value: 'windows-1258', label: 'Vietnamese (Windows-1258)' },
  { value: 'gb18030', label: 'Chinese, simplified (GB18030, GBK, GB2312)' }, { value: 'big5', label: 'Chinese, traditional (Big5)' },
  { value: 'shift_jis', label: 'Japanese (Shift_JIS)' }, { value: 'iso-2022-jp', label: 'Japanese (ISO-2022-JP)' }, { value: 'euc-jp', label: 'Japanese (EUC-JP)' }, { value: 'euc-kr', label: 'Korean (EUC-KR)' }
]
