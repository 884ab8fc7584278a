import { plainAddPlaceholder } from '@signpdf/placeholder-plain';
import { P12Signer } from '@signpdf/signer-p12';
import { SignPdf } from '@signpdf/signpdf';
import forge from 'node-forge';
import { SigningFailed, type PdfSigner } from './signer.ts';

/** Room for the signature with its certificates, bytes. */
const signatureBytes = 16_384;

/**
 * Signs with a key of this installation (PKCS #12), PAdES. Rejects a file that does not open, names no certificate, or whose certificate
 * has expired, before anybody relies on it.
 */
export function localKeySigner(p12: Uint8Array, passphrase: string, now: number): PdfSigner {
  const { subject, until } = certificateOf(p12, passphrase);
  if (until <= now)
    throw new SigningFailed('service', `the certificate of "${subject}" expired on ${new Date(until).toISOString().slice(0, 10)}; put a new one in its place`);
  const signer = new P12Signer(Buffer.from(p12), { passphrase });
  return {
    form: 'local-key',
    async sign({ pdf, reason, signedBy, at }) {
      if (at >= until) throw new SigningFailed('service', `the certificate of "${subject}" has expired; put a new one in its place`);
      const signingTime = new Date(at);
      const prepared = plainAddPlaceholder({
        pdfBuffer: Buffer.from(pdf),
        reason,
        name: signedBy,
        contactInfo: '',
        location: 'Jakarta',
        signingTime,
        signatureLength: signatureBytes,
        subFilter: 'ETSI.CAdES.detached',
        // A name of PDF: it has no spaces.
        appName: 'Pantau#20DC',
      });
      return { pdf: await new SignPdf().sign(withId(prepared), signer, signingTime), evidence: subject };
    },
  };
} // prettier-ignore

/**
 * PDF/A asks for the file's identifier in every trailer (ISO 19005-3, 6.1.3); the update that makes room for a signature has none. It
 * stands behind the table of objects, so nothing that the table points at moves.
 */
function withId(pdf: Buffer): Buffer {
  const at = pdf.lastIndexOf('trailer');
  const text = pdf.subarray(at).toString('latin1');
  const id = /\/ID\s*\[[^\]]*\]/.exec(pdf.toString('latin1', 0, at))?.[0];
  if (at < 0 || id === undefined || text.includes('/ID')) return pdf;
  return Buffer.concat([pdf.subarray(0, at), Buffer.from(text.replace('<<', `<<\n${id}`), 'latin1')]);
}

function certificateOf(p12: Uint8Array, passphrase: string): { readonly subject: string; readonly until: number } {
  const opened = (() => {
    try {
      const asn1 = forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(p12)));
      return forge.pkcs12.pkcs12FromAsn1(asn1, passphrase);
    } catch (error) {
      throw new SigningFailed('service', 'the signing key does not open: is it a PKCS #12 file (.p12), and does signing.localKey.passphrase name the variable of its passphrase?', { cause: error });
    }
  })();
  const bagType = forge.pki.oids['certBag'] ?? '';
  const certificate = opened.getBags({ bagType })[bagType]?.[0]?.cert;
  if (certificate === undefined)
    throw new SigningFailed('service', 'the signing key holds no certificate; export it again with its certificate');
  const subject = certificate.subject.attributes.map(({ shortName, value }) => `${shortName ?? '?'}=${String(value)}`).join(', ');
  return { subject, until: certificate.validity.notAfter.getTime() };
} // prettier-ignore
