import { PageFrame } from '../../components/page-frame.tsx'

/** Help desks that requests are handed over to, and what is on its way there. */
export const HandOverPage = () => <PageFrame title="Hand-over" intro="Help desks that requests are handed over to, and what is on its way there.">{null}</PageFrame>
