import type { TokenRole } from '../../../server/contracts/common.ts';
import type { TestServer } from './server.ts';

/** Sends a file as the body of a POST, as a browser does. */
export async function sendFile(
  server: Pick<TestServer, 'url' | 'tokens'>,
  path: string,
  { role, bytes }: { readonly role: TokenRole; readonly bytes: Uint8Array },
) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.tokens.get(role)}`,
      'content-type': 'application/octet-stream',
    },
    body: Buffer.from(bytes),
  });
  const json: unknown = await response.json();
  return { status: response.status, json };
}
