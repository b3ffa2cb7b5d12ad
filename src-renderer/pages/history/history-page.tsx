import { PageFrame } from '../../components/page-frame.tsx'
export const HistoryPage = () => <PageFrame title="History">{null}</PageFrame>
