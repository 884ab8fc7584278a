import { z } from 'zod';

const failure = z.object({
  message: z.string(),
  cause: z.object({ code: z.string().optional(), message: z.string() }).optional(),
});

/** Of a `fetch` that failed: itself it says only that it did. */
export function reasonOf(error: unknown): string {
  const parsed = failure.safeParse(error).data;
  return parsed?.cause?.message ?? parsed?.message ?? String(error);
}

/** Refused connections and unknown hosts took nothing; of anything else only the other side knows. */
export function neverConnected(error: unknown): boolean {
  const code = failure.safeParse(error).data?.cause?.code ?? '';
  return unreached.has(code);
}

const unreached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
