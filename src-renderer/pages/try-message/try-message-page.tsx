import { PageFrame } from '../../components/page-frame.tsx'
export const TryMessagePage = () => <PageFrame title="TryMessage">{null}</PageFrame>
