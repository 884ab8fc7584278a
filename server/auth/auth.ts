import session from 'express-session';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import type { Clock } from '../../core/clock.ts';
import type { Role } from '../contracts/common.ts';
import type { RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import { installationSecret } from '../db/secrets.ts';
import type { SessionControl } from '../http/endpoint.ts';
import { ProblemError } from '../http/problem.ts';
import type { Identity } from './identity.ts';
import { findUser, passwordChecker } from './users.ts';
import { SessionStore } from './session-store.ts';
import { limitedTo } from './sites.ts';
import { findToken, sitesOf } from './tokens.ts';
import { unsign } from 'cookie-signature';

const hourMs = 3_600_000;
/** A wall must never show a sign-in page; a person who left is signed out. */
const sessionLifeMs = { person: 12 * hourMs, wall: 400 * 24 * hourMs } as const;
const cookieName = 'pantau';

export interface Auth {
  /** express-session; before `identify`. */
  readonly sessions: RequestHandler;
  /** By bearer token or session; undefined: nobody. Throws a 401 ProblemError for a token that is no good. */
  identify(request: Request): Promise<Identity | undefined>;
  session(request: Request): SessionControl;
  /** Undefined when user or password is wrong; both take the same time. */
  signIn(user: string, password: string): Promise<{ name: string; role: Role } | undefined>;
  /** For a socket: who it is now, by its token or by the cookie of its handshake; asked again from time to time. */
  socketIdentity(request: IncomingMessage, token: string | undefined): Promise<Identity | undefined>;
}

export interface AuthOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export async function createAuth({ db, clock, randomBytes }: AuthOptions): Promise<Auth> {
  const store = new SessionStore(db, clock);
  const passwords = await passwordChecker(hex(randomBytes(16)));
  const secret = await installationSecret(db, { name: 'cookie-secret', randomBytes });
  const sessions = session({
    name: cookieName,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: sessionLifeMs.person },
  });

  async function byToken(token: string): Promise<Identity | undefined> {
    const found = await findToken(db, token, clock.now());
    if (found === undefined) return undefined;
    const { name, role } = found;
    if (role !== 'collector') return { name: `token:${name}`, role, by: 'token', ...limitedTo(found) };
    return { name: `token:${name}`, role, by: 'token', collector: name, sites: sitesOf(found) };
  }
  async function bySession(name: string | undefined): Promise<Identity | undefined> {
    const user = name === undefined ? undefined : await findUser(db, name);
    return user === undefined || user.disabled_at !== null
      ? undefined
      : { name: user.name, role: user.role, by: 'session', ...limitedTo(user) };
  }

  return {
    sessions,
    async identify(request) {
      const { authorization } = request.headers;
      if (authorization === undefined) return bySession(request.session.user);
      const identity = await byToken(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
      if (identity !== undefined) return identity;
      throw new ProblemError(401, {
        detail: 'the token is unknown, revoked or expired',
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      });
    },
    session: (request) => sessionControl(request),
    async signIn(name, password) {
      const user = await findUser(db, name.trim().toLowerCase());
      const right = await passwords.check(user?.password, password);
      return right && user !== undefined && user.disabled_at === null
        ? { name: user.name, role: user.role }
        : undefined;
    },
    async socketIdentity(request, token) {
      if (token !== undefined) return byToken(token);
      const id = signedSessionId(request.headers.cookie, { name: cookieName, secret });
      return id === undefined ? undefined : bySession(await store.userOf(id));
    },
  };
}

function sessionControl(request: Request): SessionControl {
  return {
    async signIn({ name, role }) {
      // A new id: one that was planted in the browser before must not become the user's.
      await called((done) => request.session.regenerate(done));
      request.session.user = name;
      request.session.cookie.originalMaxAge = role === 'wall' ? sessionLifeMs.wall : sessionLifeMs.person;
      await called((done) => request.session.save(done));
    },
    async signOut() {
      await called((done) => request.session.destroy(done));
      request.res?.clearCookie(cookieName);
    },
  };
}

function called(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error instanceof Error ? reject(error) : resolve()));
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * The session id in a Cookie header as express-session signs it (`s:ID.HMAC`); undefined when it is absent or the signature is
 * not ours. Sockets need it: express-session reads express's requests only.
 */
function signedSessionId(
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

/**
 * True when a browser says that a page of another site makes it ask: such a page could use our cookie. Programs that
 * are not browsers send no origin and hold no cookie by accident.
 */
export function isForeignOrigin(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  const { origin } = headers;
  if (origin === undefined) return headers['sec-fetch-site'] === 'cross-site';
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
