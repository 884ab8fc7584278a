import type { IncomingMessage } from 'node:http';

/** Bodies as they came, of endpoints with guards: a signature is over bytes, not over what was parsed. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

export function keepRawBody(request: IncomingMessage, _response: unknown, body: Buffer): void {
  bodies.set(request, body);
}

/** Undefined: there was none. */
export function rawBodyOf(request: IncomingMessage): Buffer | undefined {
  return bodies.get(request);
}
