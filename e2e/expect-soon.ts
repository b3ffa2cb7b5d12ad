import { expect } from 'playwright/test'

/** What a page or a program will come to show: asked again until it holds, or has not held for a quarter of a minute. */
export const expectSoon = expect.configure({ timeout: 15_000 })
