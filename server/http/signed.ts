import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { rawBodyOf } from './raw.ts';

/** How far a sender's clock may be from ours; what is older may be a request that somebody recorded. */
export const replayWindowMs = 300_000;

/**
 * What is wrong with the signature of a request: `X-Pantau-Signature` is the HMAC-SHA256 of `timestamp.body` in hexadecimal, and
 * `X-Pantau-Timestamp` the seconds since 1970, within `replayWindowMs` of `now`. The endpoint needs a guard, so that the body is kept.
 */
export function signatureFault(
  request: Request,
  { secret, now }: { readonly secret: string; readonly now: number },
): 'signature' | 'timestamp' | undefined {
  const timestamp = request.get('x-pantau-timestamp') ?? '';
  const given = Buffer.from((request.get('x-pantau-signature') ?? '').toLowerCase());
  const body = rawBodyOf(request) ?? Buffer.alloc(0);
  const right = Buffer.from(createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex'));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return 'signature';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1_000) > replayWindowMs)
    return 'timestamp';
  return undefined;
}
