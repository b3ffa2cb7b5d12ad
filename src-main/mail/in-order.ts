/**
 * Does the work for each item, at most `atOnce` of them at a time, and gives the results in the order of the items. Nothing is begun further ahead
 * than the consumer allows; what it leaves when it stops is not waited for. `weigh` and `mostWeight` bound what is under way besides its number.
 */
export async function* inOrder<Item, Result>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<Result>, bound?: { weigh: (item: Item) => number; most: number }): AsyncGenerator<Result> {
  const underWay: { result: Promise<Result>; weight: number }[] = []
  let next = 0
  let weight = 0
  const fill = (): void => {
    while (next < items.length && underWay.length < atOnce) {
      const item = items[next] as Item
      const heavy = bound?.weigh(item) ?? 0
      if (underWay.length > 0 && bound !== undefined && weight + heavy > bound.most) return
      const result = work(item)
      // Its failure is met when its turn comes.
      result.catch(() => undefined)
      underWay.push({ result, weight: heavy })
      weight += heavy
      next++
    }
  }
  for (fill(); underWay.length > 0; fill()) {
    const [first] = underWay
    if (first === undefined) return
    const result = await first.result
    underWay.shift()
    weight -= first.weight
    yield result
  }
}
