import tools from 'mailauth/lib/tools.js'

/** Whether two domain names belong to one organization, by the Public Suffix List (RFC 7489 3.2). */
export const sameOrganization = (one: string, other: string): boolean => one !== '' && other !== '' && tools.getAlignment(one, [other]) !== false
