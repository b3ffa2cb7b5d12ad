import type { Locator } from 'playwright'
import { expectSoon } from './expect-soon.ts'

/** Types as a person does who finds the focus in a field already; waits until it is there, and puts it nowhere. */
export async function typeWhereFocusIs(field: Locator, text: string): Promise<void> {
  await expectSoon(field).toBeFocused()
  await field.page().keyboard.type(text)
}
