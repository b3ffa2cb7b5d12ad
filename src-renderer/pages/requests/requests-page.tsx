import { PageFrame } from '../../components/page-frame.tsx'
export const RequestsPage = () => <PageFrame title="Requests">{null}</PageFrame>
