import { PageFrame } from '../../components/page-frame.tsx'

/** Everybody who writes or answers requests, found by address. */
export const PeoplePage = () => <PageFrame title="People" intro="Everybody who writes or answers requests, found by address.">{null}</PageFrame>
