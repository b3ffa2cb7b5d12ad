import { PageFrame } from '../../components/page-frame.tsx'
export const StatusPage = () => <PageFrame title="Status">{null}</PageFrame>
