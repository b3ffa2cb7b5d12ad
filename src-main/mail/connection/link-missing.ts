import { X509Certificate } from 'node:crypto'

/**
 * Whether a server keeps back a certificate that it should send (RFC 8446 4.4.2): it shows the leaf alone, and the leaf says where its
 * issuer's certificate can be had over HTTP (RFC 5280 4.2.2.1), as those of public authorities do. A leaf that says nothing comes from a
 * private authority that has to be made known. `issuerShown`: the certificate of the issuer came along.
 */
export function isLinkMissing(der: Buffer, issuerShown: boolean): boolean {
  const leaf = new X509Certificate(der)
  return !issuerShown && leaf.subject !== leaf.issuer && /^CA Issuers - URI:https?:/im.test(leaf.infoAccess ?? '')
}
