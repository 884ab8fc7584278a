import type { RequestHandler } from 'express';
import { z } from 'zod';
import { isCollector, type CollectorIdentity, type Identity, type Person } from '../auth/identity.ts';
import type { Role, TokenRole } from '../contracts/common.ts';
import { badInput, fromZod, pathText } from './problem.ts';
import type { StreamedList, StreamedValue } from './stream.ts';
import type { UploadSpec } from './upload.ts';

/** Where input comes from. `params` and `query` are text: use `z.coerce` or the helpers in `page.ts`. */
export interface InputSchemas {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}
/** As zod infers it for `z.object(input)`: only the keys that the endpoint declares. */
type Parsed<Input extends InputSchemas> = z.output<ReturnType<typeof z.object<Input>>>;

/** The cookie's session; only the sign-in endpoints need it. */
export interface SessionControl {
  /** Starts a session with a new id. */
  signIn(user: { readonly name: string; readonly role: Role }): Promise<void>;
  signOut(): Promise<void>;
}

/** What a handler knows of the request beside its input. */
interface Caller<User> {
  readonly user: User;
  readonly session: SessionControl;
  /** Aborts when the client has gone: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** The body as it comes, where the endpoint takes a file (`upload`); empty elsewhere. */
  readonly incoming: AsyncIterable<Uint8Array>;
}

interface Spec<Input extends InputSchemas, Output extends z.ZodType, User> {
  readonly method: Method;
  /** Below `/api/v1`, as express writes it: `/incidents/:id`. */
  readonly path: `/${string}`;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  readonly input: Input;
  /** `z.undefined()` answers 204 without a body. */
  readonly output: Output;
  /** Default 200, or 204 when nothing is returned. */
  readonly status?: number;
  /** A list (`page` in contracts) that is also given as CSV. */
  readonly csv?: boolean;
  /** Media type of the file that it answers with (`file.ts`). */
  readonly file?: string;
  /** Reads or makes so much that only few run at once (`limits.ts`). */
  readonly heavy?: boolean;
  /** Query parameter that takes `next`; `cursor` unless said otherwise. */
  readonly nextParameter?: string;
  /** Of the body after decompression, where it may be larger than usual: `4mb`. */
  readonly bodyLimit?: string;
  /** Takes a file as its body (`upload.ts`). */
  readonly upload?: UploadSpec;
  /** Express middleware that runs after the body was parsed and before the handler. */
  readonly guards?: readonly RequestHandler[];
  handler(
    request: Parsed<Input> & Caller<User>,
  ): Answer<z.output<Output>> | Promise<Answer<z.output<Output>>>;
}

/** Long ones may be made while they are sent. */
type Answer<Output> = Output | StreamedList | StreamedValue;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An endpoint as a value: the router, the OpenAPI document and the tests read it. Made by `endpoint` or `publicEndpoint`. */
export interface Endpoint {
  readonly method: Method;
  readonly path: string;
  readonly role: TokenRole | 'public';
  readonly summary: string;
  readonly input: InputSchemas;
  readonly output: z.ZodType;
  readonly status: number | undefined;
  readonly csv: boolean;
  readonly file: string | undefined;
  readonly heavy: boolean;
  readonly nextParameter: string;
  readonly bodyLimit: string | undefined;
  readonly upload: UploadSpec | undefined;
  readonly guards: readonly RequestHandler[];
  /** Parses the raw input (throws a 400 ProblemError naming every mistake) and runs the handler; the role was checked before. */
  run(
    raw: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
    caller: Caller<Identity | undefined>,
  ): Promise<unknown>;
}

/** For users of a role, and of all roles above it. The handler throws ProblemError to refuse. */
export function endpoint<Input extends InputSchemas, Output extends z.ZodType>(
  spec: Spec<Input, Output, Person> & { readonly role: Role },
): Endpoint {
  return value(spec, spec.role, (user) => {
    if (user === undefined || isCollector(user)) throw new TypeError(`${spec.path} ran without a user`);
    return user;
  });
}

/** For collectors, each with the token that names it and its sites. */
export function collectorEndpoint<Input extends InputSchemas, Output extends z.ZodType>(
  spec: Spec<Input, Output, CollectorIdentity>,
): Endpoint {
  return value(spec, 'collector', (user) => {
    if (user === undefined || !isCollector(user)) throw new TypeError(`${spec.path} ran without a collector`);
    return user;
  });
}

/** For everyone, signed in or not. */
export function publicEndpoint<Input extends InputSchemas, Output extends z.ZodType>(
  spec: Spec<Input, Output, Identity | undefined>,
): Endpoint {
  return value(spec, 'public', (user) => user);
}

function value<Input extends InputSchemas, Output extends z.ZodType, User>(
  spec: Spec<Input, Output, User>,
  role: TokenRole | 'public',
  asUser: (user: Identity | undefined) => User,
): Endpoint {
  const schema = z.object(spec.input);
  return {
    method: spec.method,
    path: spec.path,
    role,
    summary: spec.summary,
    input: spec.input,
    output: spec.output,
    status: spec.status,
    csv: spec.csv ?? false,
    file: spec.file,
    heavy: spec.heavy ?? false,
    nextParameter: spec.nextParameter ?? 'cursor',
    bodyLimit: spec.bodyLimit,
    upload: spec.upload,
    guards: spec.guards ?? [],
    async run(raw, { user, ...caller }) {
      const path = pathOfNul(raw);
      if (path !== undefined) throw badInput(pathText(path), 'contains the character U+0000; leave it out');
      const input = schema.safeParse(raw);
      if (!input.success) throw fromZod(input.error);
      return spec.handler({ ...input.data, user: asUser(user), ...caller });
    },
  };
}

/** The path to a text that holds U+0000, which PostgreSQL does not store and nobody types; undefined: there is none. */
function pathOfNul(value: unknown): readonly PropertyKey[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (typeof key === 'string' && key.includes('\0')) return [];
    const below = pathOfNul(Reflect.get(value, key));
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}
