import type { Advice } from '#contract/advice.ts'
import { plural } from '../../../components/sizes.ts'

type Advised = { name: string; advice: readonly Advice[] }

/** "1 server cannot work any more as set up: mail. 2 servers will stop working: exchange on 1 Apr 2027, main on 31 Dec 2026." What only limits a server is no end of it. `today`: YYYY-MM-DD. */
export const adviceSentence = (advised: readonly Advised[], today: string, dayText: (day: string) => string): string => {
  const end = ({ advice }: Advised): string | undefined => advice.flatMap(({ date }) => (date !== null && date > today ? [date] : [])).sort()[0]
  const broken = advised.filter(({ advice }) => advice.some(({ severity }) => severity === 'broken'))
  const ending = advised.filter((each) => !broken.includes(each) && end(each) !== undefined)
  const others = advised.filter((each) => !broken.includes(each) && !ending.includes(each))
  return [
    ...(broken.length > 0 ? [`${plural(broken.length, 'server')} cannot work any more as set up: ${namesOf(broken)}.`] : []),
    ...(ending.length > 0 ? [`${plural(ending.length, 'server')} will stop working: ${ending.map((each) => `${each.name} on ${dayText(end(each) ?? '')}`).join(', ')}.`] : []),
    ...(others.length > 0 ? [`${plural(others.length, 'server')} should be looked at: ${namesOf(others)}.`] : [])
  ].join(' ')
}

const namesOf = (advised: readonly Advised[]): string => advised.map(({ name }) => name).join(', ')
