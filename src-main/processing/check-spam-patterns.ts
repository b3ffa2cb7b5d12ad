import type { SpamRule } from '#contract/spam-rule.ts'
import { compilePattern } from './compile-pattern.ts'

/** What is wrong with the regular expressions of spam rules; paths as in `rules[0].criteria[1].values[0]`, below `path`. */
export function checkSpamPatterns(rules: readonly SpamRule[], path: string): { path: string; message: string }[] {
  return rules.flatMap(({ criteria }, rule) =>
    criteria.flatMap(({ condition, values }, criterion) =>
      condition !== 'matches'
        ? []
        : values.flatMap((value, index) => {
            const { problem } = compilePattern(value)
            return problem === null ? [] : [{ path: `${path}[${rule}].criteria[${criterion}].values[${index}]`, message: problem }]
          })
    )
  )
}
