import { PageFrame } from '../../components/page-frame.tsx'

/** Mailroom as a mail server of its own: mail becomes requests as it arrives. */
export const NativeMailPage = () => <PageFrame title="Native mail" intro="Mailroom as a mail server of its own: mail becomes requests as it arrives.">{null}</PageFrame>
