import { z } from 'zod';
import { siteIds } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import {
  AccountError,
  addUser,
  findUser,
  listUsers,
  madePassword,
  setDisabled,
  setPassword,
  setRole,
  setSites,
  type User,
} from '../../auth/users.ts';
import { limitOf } from '../../auth/sites.ts';
import { page } from '../../contracts/common.ts';
import {
  newUserInput,
  userPasswordView,
  userRoleInput,
  userSitesInput,
  userView,
  type UserView,
} from '../../contracts/users.ts';
import type { RandomBytes } from '../../db/id.ts';
import type { Database } from '../../db/schema.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { ProblemError } from '../../http/problem.ts';
import { checkFilter } from '../known.ts';

export interface UserServices {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** Accounts: who may sign in, and as what. Managers see them, administrators change them; each change is an audit entry. */
export function userEndpoints({ db, clock, randomBytes, model }: UserServices): Endpoint[] {
  const named = { params: z.object({ name: z.string() }) };
  async function found(name: string): Promise<User> {
    const user = await findUser(db, name);
    if (user === undefined) throw new ProblemError(404, { detail: `there is no user "${name}"` });
    return user;
  }
  function checked(sites: readonly string[] | null): readonly string[] | null {
    for (const [place, site] of (sites ?? []).entries())
      checkFilter(site, { path: `body.sites[${place}]`, kind: 'site', known: () => siteIds(model) });
    return sites === null ? null : [...new Set(sites)];
  }
  async function changed(name: string, change: () => Promise<void>): Promise<UserView> {
    await found(name);
    await refusing(change);
    return view(await found(name));
  }
  return [
    endpoint({
      method: 'get',
      path: '/users',
      role: 'manager',
      summary: 'Accounts',
      input: { query: z.strictObject(pageQuery) },
      output: page(userView),
      csv: true,
      handler: async ({ query }) => pageOfArray(await listUsers(db), query, view),
    }),
    endpoint({
      method: 'post',
      path: '/users',
      role: 'admin',
      summary: 'Make an account; answers its password, once',
      input: { body: newUserInput },
      output: userPasswordView,
      status: 201,
      async handler({ body: { name, role, sites } }) {
        const password = madePassword(randomBytes);
        const limit = checked(sites) ?? undefined;
        await refusing(() => addUser(db, { name, role, password, sites: limit }, clock.now()));
        return { user: view(await found(name)), password };
      },
    }),
    endpoint({
      method: 'post',
      path: '/users/:name/role',
      role: 'admin',
      summary: 'Give an account another role',
      input: { ...named, body: userRoleInput },
      output: userView,
      handler: ({ params: { name }, body: { role } }) => changed(name, () => setRole(db, name, role)),
    }),
    endpoint({
      method: 'post',
      path: '/users/:name/sites',
      role: 'admin',
      summary: 'Limit an account to some sites, or let it see every site (null)',
      input: { ...named, body: userSitesInput },
      output: userView,
      handler: ({ params: { name }, body: { sites } }) =>
        changed(name, () => setSites(db, name, checked(sites))),
    }),
    endpoint({
      method: 'post',
      path: '/users/:name/password',
      role: 'admin',
      summary: 'Make a new password, shown once; ends the sessions of the account',
      input: named,
      output: userPasswordView,
      async handler({ params: { name } }) {
        const password = madePassword(randomBytes);
        return { user: await changed(name, () => setPassword(db, name, password)), password };
      },
    }),
    endpoint({
      method: 'post',
      path: '/users/:name/disable',
      role: 'admin',
      summary: 'Close an account and end its sessions; its name stays in what it did',
      input: named,
      output: userView,
      async handler({ params: { name }, user }) {
        if (user.name === name) throw new ProblemError(409, { detail: 'nobody closes the own account' });
        return changed(name, () => setDisabled(db, name, clock.now()));
      },
    }),
    endpoint({
      method: 'post',
      path: '/users/:name/enable',
      role: 'admin',
      summary: 'Open a closed account again',
      input: named,
      output: userView,
      handler: ({ params: { name } }) => changed(name, () => setDisabled(db, name, null)),
    }),
  ];
}

async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AccountError) throw new ProblemError(409, { detail: error.message, cause: error });
    throw error;
  }
}

function view({ name, role, created_at: createdAt, disabled_at: disabledAt, ...user }: User): UserView {
  return {
    name,
    role,
    createdAt: iso(createdAt),
    disabledAt: disabledAt === null ? null : iso(disabledAt),
    sites: limitOf(user) ?? null,
  };
}
