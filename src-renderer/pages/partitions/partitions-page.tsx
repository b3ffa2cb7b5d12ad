import { PageFrame } from '../../components/page-frame.tsx'
export const PartitionsPage = () => <PageFrame title="Partitions">{null}</PageFrame>
