export type GraphUse = 'reading' | 'sending' | 'uploading'

/**
 * The rights that a use lacks among those granted, as far as they are known: none where the provider does not say, and none for an application without any
 * right on mail, since RBAC for Applications grants it in Exchange and not in the token. Names count without the URL of the resource. Pure.
 * https://learn.microsoft.com/graph/permissions-reference https://learn.microsoft.com/exchange/permissions-exo/application-rbac
 */
export function missingRights(use: GraphUse, { byApplication, isShared }: { byApplication: boolean; isShared: boolean }, granted: readonly string[]): string[] {
  const has = granted.map((one) => (one.split('/').at(-1) ?? one).toLowerCase())
  if (has.length === 0 || (byApplication && !has.some((one) => one.startsWith('mail.')))) return []
  const right = `${use === 'sending' ? 'Mail.Send' : 'Mail.ReadWrite'}${isShared ? '.Shared' : ''}`
  return has.includes(right.toLowerCase()) ? [] : [right]
}
