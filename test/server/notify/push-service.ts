import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { NewSubscription } from '../../../server/notify/subscriptions.ts';

/** What a push service was asked to deliver, as the browser behind it reads it. */
interface Pushed {
  readonly headers: IncomingHttpHeaders;
  readonly payload: unknown;
}

/** A push service with browsers behind it: it answers as it is told to, and the browsers decrypt (RFC 8291) what they get. */
export async function startPushService() {
  const pushed: Pushed[] = [];
  const statuses = new Map<string, number>();
  const browsers = new Map<string, { readonly decrypt: (body: Buffer) => unknown }>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      const status = statuses.get(path) ?? 201;
      const payload = browsers.get(path)?.decrypt(Buffer.concat(parts));
      if (status === 201) pushed.push({ headers: request.headers, payload });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    pushed,
    origin,
    /** What a browser that subscribes tells its page. `status`: what its push service will answer for it. */
    subscribe(name: string, status = 201): NewSubscription {
      const keys = createECDH('prime256v1');
      keys.generateKeys();
      const auth = randomBytes(16);
      browsers.set(`/${name}`, { decrypt: (body) => decrypted(body, keys, auth) });
      statuses.set(`/${name}`, status);
      return {
        endpoint: `${origin}/${name}`,
        p256dh: keys.getPublicKey('base64url'),
        auth: auth.toString('base64url'),
        device: name,
      };
    },
    answer: (name: string, status: number) => void statuses.set(`/${name}`, status),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** RFC 8188 `aes128gcm` with the keys of RFC 8291, one record. */
function decrypted(body: Buffer, keys: ReturnType<typeof createECDH>, auth: Buffer): unknown {
  const salt = body.subarray(0, 16);
  const idLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + idLength);
  const sealed = body.subarray(21 + idLength);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), senderKey]);
  const secret = Buffer.from(hkdfSync('sha256', keys.computeSecret(senderKey), auth, info, 32));
  const derive = (what: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length));
  const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString());
}

/** The claims of `Authorization: vapid t=…, k=…` (RFC 8292); throws when the signature is not of that key. */
export function vapidClaims(authorization: string | undefined): unknown {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization ?? '') ?? [];
  const [header = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }; // prettier-ignore
  const isTrue = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isTrue) throw new Error('the signature is not of the key beside it');
  return { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), key };
}
