import type { Page } from 'playwright'

/** Waits until nothing in a page has changed for a tenth of a second and nothing moves that ends by itself; at most three seconds, since some pages count on and on. */
export const atRest = (page: Page): Promise<void> => page.evaluate(untilAtRest)

async function untilAtRest(): Promise<void> {
  const begun = performance.now()
  let changed = begun
  const watch = new MutationObserver(() => void (changed = performance.now()))
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  const isMoving = (): boolean => document.getAnimations().some(({ effect, playState }) => playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime))
  do {
    // A page behind another gets no frame.
    await new Promise((resolve) => { requestAnimationFrame(resolve); setTimeout(resolve, 500) })
  } while ((performance.now() - changed < 100 || isMoving()) && performance.now() - begun < 3_000)
  watch.disconnect()
}
