import { PageFrame } from '../../components/page-frame.tsx'
export const ConfigurationPage = () => <PageFrame title="Configuration">{null}</PageFrame>
