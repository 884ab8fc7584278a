import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { rights } from '../../../config/schema/people.ts';
import type { Auth } from '../../auth/auth.ts';
import type { Person } from '../../auth/identity.ts';
import { sessionInput, sessionView, type SessionView } from '../../contracts/system.ts';
import { rightsOf } from '../../incidents/rights.ts';
import { endpoint, publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { ProblemError } from '../../http/problem.ts';

interface SessionServices {
  readonly model: Pick<Model, 'people'>;
  readonly auth: Pick<Auth, 'signIn'>;
  readonly throttle: readonly RequestHandler[];
}

export function sessionEndpoints({ model, auth, throttle }: SessionServices): Endpoint[] {
  const view = ({ name, role }: Pick<Person, 'name' | 'role'>): SessionView => ({
    user: name,
    role,
    rights: rightsOf(model.people?.persons ?? [], { name, role }, rights),
  });
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
        return view(user);
      },
    }),
    endpoint({
      method: 'get',
      path: '/session',
      role: 'wall',
      summary: 'Who is signed in',
      input: {},
      output: sessionView,
      handler: ({ user }) => view(user),
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
