import { PageFrame } from '../../components/page-frame.tsx'

/** What new requests begin with, and what of it people may set by e-mail command. */
export const TemplatesPage = () => <PageFrame title="Request templates" intro="What new requests begin with, and what of it people may set by e-mail command.">{null}</PageFrame>
