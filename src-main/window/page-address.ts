/** The page has an origin of its own under a scheme that only this program serves. */
export const pageScheme = 'app'
export const pageOrigin = 'app://mailroom'
export const pageAddress = `${pageOrigin}/`

/** Whether an address lies in the console's own page. */
export const isOurPage = (address: string): boolean => address === pageOrigin || address.startsWith(pageAddress)
