import { z } from 'zod'

// As the page itself: zod otherwise probes `new Function`, which the policy refuses.
z.config({ jitless: true })
