import { unsign } from 'cookie-signature';

/**
 * The session id in a Cookie header as express-session signs it (`s:ID.HMAC`); undefined when it is absent or the signature is
 * not ours. Sockets need it: express-session reads express's requests only.
 */
export function signedSessionId(
  header: string | undefined,
  { name, secret }: { name: string; secret: string },
): string | undefined {
  const start = `${name}=`;
  const raw = header?.split(';').map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(start)); // prettier-ignore
  const value = decode(raw?.slice(start.length) ?? '');
  if (!value.startsWith('s:')) return undefined;
  const id = unsign(value.slice(2), secret);
  return id === false || id === '' ? undefined : id;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
