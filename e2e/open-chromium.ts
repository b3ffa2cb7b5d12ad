import { chromium, type Browser } from 'playwright'
import { existsSync } from 'node:fs'

export const systemChromium = '/usr/bin/chromium'
export const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** Why no browser can be opened here; null where one can. */
export const chromiumMissing = (): string | null => (existsSync(systemChromium) ? null : `${systemChromium} is missing: install the package chromium`)
export const openChromium = (): Promise<Browser> => chromium.launch({ executablePath: systemChromium, args: flags })
