import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The session id in a Cookie header as express-session signs it (`s:ID.HMAC-SHA256`); undefined when it is absent or
 * the signature is not ours. Sockets need it: express-session reads express's requests only.
 */
export function signedSessionId(
  header: string | undefined,
  { name, secret }: { name: string; secret: string },
): string | undefined {
  const start = `${name}=`;
  const raw = header?.split(';').map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(start)); // prettier-ignore
  const match = /^s:([^.]+)\.(.+)$/.exec(decode(raw?.slice(start.length) ?? ''));
  const [, id = '', signature = ''] = match ?? [];
  const expected = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '');
  return id !== '' && equal(signature, expected) ? id : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
