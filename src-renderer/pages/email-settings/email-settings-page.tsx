import { PageFrame } from '../../components/page-frame.tsx'
export const EmailSettingsPage = () => <PageFrame title="EmailSettings">{null}</PageFrame>
