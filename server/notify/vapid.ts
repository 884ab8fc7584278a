import { createECDH } from 'node:crypto';

/** Identifies this installation to push services (RFC 8292): whoever has the key may send to its browsers. */
export interface VapidDetails {
  readonly subject: string;
  /** base64url. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** `secret`: 32 bytes in hex, which any P-256 private key is. */
export function vapidKeys(secret: string): Omit<VapidDetails, 'subject'> {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secret, 'hex');
  return {
    publicKey: pair.getPublicKey('base64url'),
    privateKey: Buffer.from(secret, 'hex').toString('base64url'),
  };
}

/**
 * How a push service can complain about us: an address of `people.yaml`, or the page itself where its name is a public one. Apple refuses
 * every message whose subject names localhost, so such a one is not used at all. Undefined: there is none.
 */
export function vapidSubject(publicUrl: string, contact: string | undefined): string | undefined {
  if (contact !== undefined) return `mailto:${contact}`;
  if (!URL.canParse(publicUrl)) return undefined;
  const { protocol, hostname, origin } = new URL(publicUrl);
  const isPublicName =
    hostname.includes('.') && !/^[\d.]+$/.test(hostname) && !hostname.endsWith('.localhost');
  return protocol === 'https:' && isPublicName ? origin : undefined;
}
