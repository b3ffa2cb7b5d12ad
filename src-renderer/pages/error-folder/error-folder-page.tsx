import { PageFrame } from '../../components/page-frame.tsx'
export const ErrorFolderPage = () => <PageFrame title="ErrorFolder">{null}</PageFrame>
