import { PageFrame } from '../../components/page-frame.tsx'
export const SettingsPage = () => <PageFrame title="Settings">{null}</PageFrame>
