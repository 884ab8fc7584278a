import forge from 'node-forge';

export const passphrase = 'rahasia-kunci';

/** A key with a certificate of its own, as PKCS #12, valid for a year from `from`. */
export function madeKey(from: number, { days = 365 } = {}): Uint8Array {
  const keys = forge.pki.rsa.generateKeyPair(2_048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(from - 86_400_000);
  certificate.validity.notAfter = new Date(from + days * 86_400_000);
  const name = [{ shortName: 'CN', value: 'Pantau DC uji' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  const p12 = forge.pkcs12.toPkcs12Asn1(keys.privateKey, certificate, passphrase, { algorithm: '3des' });
  return Buffer.from(forge.asn1.toDer(p12).getBytes(), 'latin1');
}
