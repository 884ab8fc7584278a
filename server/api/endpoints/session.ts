import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Auth } from '../../auth/auth.ts';
import { sessionInput, sessionView } from '../../contracts/system.ts';
import { endpoint, publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { ProblemError } from '../../http/problem.ts';

interface SessionServices {
  readonly auth: Pick<Auth, 'signIn'>;
  readonly throttle: readonly RequestHandler[];
}

export function sessionEndpoints({ auth, throttle }: SessionServices): Endpoint[] {
  return [
    publicEndpoint({
      method: 'post',
      path: '/session',
      summary: 'Sign in',
      input: { body: sessionInput },
      output: sessionView,
      guards: throttle,
      async handler({ body, session }) {
        const user = await auth.signIn(body.user, body.password);
        if (user === undefined) throw new ProblemError(401, { detail: 'user or password is wrong' });
        await session.signIn(user);
        return { user: user.name, role: user.role };
      },
    }),
    endpoint({
      method: 'get',
      path: '/session',
      role: 'wall',
      summary: 'Who is signed in',
      input: {},
      output: sessionView,
      handler: ({ user }) => ({ user: user.name, role: user.role }),
    }),
    publicEndpoint({
      method: 'delete',
      path: '/session',
      summary: 'Sign out',
      input: {},
      output: z.undefined(),
      async handler({ session }) {
        await session.signOut();
        return undefined;
      },
    }),
  ];
}
