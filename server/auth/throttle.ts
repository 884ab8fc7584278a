import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { sessionInput } from '../contracts/system.ts';
import { ProblemError } from '../http/problem.ts';

const windowMs = 15 * 60_000;
/** Failed sign-ins in 15 minutes: of one user from one address, and of one address whatever the user. */
const failures = { ofUser: 10, ofAddress: 100 } as const;

/** Slows down guessing; runs after the body was parsed. A right password does not count. */
export function signInThrottle(): RequestHandler[] {
  return [
    limiter(
      failures.ofUser,
      (request) =>
        `${address(request)} ${sessionInput.safeParse(request.body).data?.user.trim().toLowerCase() ?? ''}`,
    ),
    limiter(failures.ofAddress, address),
  ];
}

function limiter(limit: number, keyGenerator: (request: Request) => string): RequestHandler {
  return rateLimit({
    windowMs,
    limit,
    keyGenerator,
    skipSuccessfulRequests: true,
    // A server that could not check the password says nothing about it: whoever tries again must not be locked out.
    requestWasSuccessful: (_request, { statusCode }) => statusCode < 400 || statusCode >= 500,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      next(new ProblemError(429, { detail: 'too many failed sign-ins; wait a quarter of an hour' }));
    },
  });
}

function address(request: Request): string {
  return request.ip === undefined ? '' : ipKeyGenerator(request.ip);
}
