type Page<Row> = { rows: Row[]; total: number; next: number | null }

const mostAtOnce = 500

/** The rows of a list that the core hands out page by page, newest first: `most` at most, and how many there are in all. */
export async function readPages<Row>(ask: (part: { limit: number; before: number | null }) => Promise<Page<Row>>, most = Infinity): Promise<{ rows: Row[]; total: number }> {
  const rows: Row[] = []
  let before: number | null = null
  for (;;) {
    const page: Page<Row> = await ask({ limit: Math.min(mostAtOnce, most - rows.length), before })
    rows.push(...page.rows)
    if (page.next === null || rows.length >= most) return { rows, total: page.total }
    before = page.next
  }
}
