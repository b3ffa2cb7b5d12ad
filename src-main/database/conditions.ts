import type { SqlValue } from './database.ts'

/** What rows have to fulfil, condition by condition, with the values of its parameters. */
export type Conditions = {
  add(condition: string, ...values: SqlValue[]): void
  readonly values: readonly SqlValue[]
  /** `WHERE …`; empty where there is no condition. */
  text(): string
}

/** No condition yet; what is added has to hold together. */
export function createConditions(): Conditions {
  const parts: string[] = []
  const values: SqlValue[] = []
  return {
    values,
    add(condition, ...more) {
      parts.push(condition)
      values.push(...more)
    },
    text: () => (parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`)
  }
}

/** A LIKE pattern for "contains this text", with `!` as the escape character. */
export const likePattern = (text: string): string => `%${text.replace(/[!%_]/g, '!$&')}%`
