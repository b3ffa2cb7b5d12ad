import { lookAtScreens } from './look-at-screens.ts'
import { screens } from './screens/screens.ts'
import { servedBrowser } from './served-browser.ts'

lookAtScreens(screens.filter((_screen, index) => index % 2 === 1), servedBrowser())
