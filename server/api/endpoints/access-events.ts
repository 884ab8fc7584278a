import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso, isoOrNull } from '../../../core/time.ts';
import { formats } from '../../../domain/format/format.ts';
import type { Language } from '../../../domain/format/words.ts';
import type { ControllerState, Controllers } from '../../access/controllers/controllers.ts';
import type { PushedControllers, Refusal } from '../../access/controllers/push.ts';
import { mostPrinted, type FieldEventRepository, type FieldEventRow } from '../../access/field-events.ts';
import { page } from '../../contracts/common.ts';
import {
  accessControllerView,
  accessEventView,
  pushAnswer,
  type AccessControllerView,
  type AccessEventView,
} from '../../contracts/access-events.ts';
import { endpoint, publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { decodeCursor, pageOf, pageOfArray, pageQuery } from '../../http/page.ts';
import { ProblemError } from '../../http/problem.ts';
import { replayWindowMs, signatureFault } from '../../http/signed.ts';
import { queryInstant } from '../../http/time.ts';
import { checkFilter, checkSiteFilter, sitesQuery } from '../known.ts';
import { isOfSites, type SiteFilter } from '../../../core/site-filter.ts';

export interface AccessEventServices {
  readonly fieldEvents: Pick<FieldEventRepository, 'list'>;
  readonly controllers: Pick<Controllers, 'states'>;
  readonly pushed: PushedControllers;
  readonly model: Model;
  readonly clock: Clock;
}

const filterQuery = {
  site: sitesQuery,
  /** Of the device. */
  room: z.string().optional(),
  device: z.string().optional(),
  /** The part of the device: `door-1`. */
  door: z.string().optional(),
  kind: z.string().optional(),
  card: z.string().optional(),
  person: z.string().optional(),
  from: queryInstant.optional(),
  to: queryInstant.optional(),
};

const place = z.tuple([z.int(), z.string()]);
const attributes = accessEventView.shape.attributes;

/** Events hold card numbers, which identify people: for operators. */
export function accessEventEndpoints(services: AccessEventServices): Endpoint[] {
  const { fieldEvents, controllers, model, clock } = services;
  return [
    endpoint({
      method: 'get',
      path: '/access-events',
      role: 'operator',
      summary: 'What happened at doors and other devices (badge reads, doors, their own logs), newest first',
      input: {
        query: z.strictObject({ ...pageQuery, ...filterQuery }),
      },
      output: page(accessEventView),
      csv: true,
      async handler({ query: { cursor, limit, ...filter } }) {
        checkPlace(filter, model);
        const rows = await fieldEvents.list({
          ...filter,
          after: decodeCursor(cursor, place),
          limit: limit + 1,
        });
        return pageOf(rows, limit, { view, place: (row) => [row.at, row.id] });
      },
    }),
    endpoint({
      method: 'get',
      path: '/access-events/file',
      role: 'operator',
      summary: `The access log as a PDF, newest first, at most ${mostPrinted} events`,
      input: { query: z.strictObject({ ...filterQuery, language: z.enum(['id', 'en']).default('id') }) },
      output: fileOutput,
      file: 'application/pdf',
      heavy: true,
      async handler({ query: { language, ...filter } }) {
        checkPlace(filter, model);
        const events = await fieldEvents.list({ ...filter, limit: mostPrinted + 1 });
        const { accessLogPdf } = await import('../../access/log-pdf.ts');
        const body = await accessLogPdf(events, {
          model,
          language,
          filters: filterTexts(filter, language),
          now: clock.now(),
          isSimulated: model.field === 'simulated',
        });
        return new FileAnswer({ type: 'application/pdf', name: 'log-akses.pdf', body });
      },
    }),
    endpoint({
      method: 'get',
      path: '/access-controllers',
      role: 'viewer',
      summary:
        'Door controllers as their events show them: numbers that never arrived, clocks, unknown doors',
      input: { query: z.strictObject(pageQuery) },
      output: page(accessControllerView),
      csv: true,
      handler({ query }) {
        return pageOfArray(controllers.states(), query, controllerView);
      },
    }),
    webhook(services),
  ];
}

function checkPlace(
  { site: asked, room }: { site?: SiteFilter | undefined; room?: string | undefined },
  model: Model,
): void {
  checkSiteFilter(asked, model);
  checkFilter(room, {
    path: 'query.room',
    kind: 'room',
    known: () => model.rooms.filter(({ site }) => isOfSites(asked, site)).map(({ id }) => id),
  });
}

/** What was asked, for the head of a print: `site: dc`. */
function filterTexts(
  filter: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  language: Language,
): string[] {
  return Object.entries(filter).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${name}: ${typeof value === 'number' ? `${formats[language].moment(value)} WIB` : String(value)}`],
  );
}

function webhook({ pushed, clock }: AccessEventServices): Endpoint {
  return publicEndpoint({
    method: 'post',
    path: '/access-events/:sender',
    summary:
      'Takes events of an access control system. X-Pantau-Timestamp: seconds since 1970; X-Pantau-Signature: HMAC-SHA256 of `timestamp.body` with its key, hexadecimal',
    input: { params: z.strictObject({ sender: z.string() }), body: z.json() },
    output: pushAnswer,
    bodyLimit: '1mb',
    guards: [verified(pushed, clock)],
    async handler({ params, body }) {
      const controller = pushed.find('webhook', params.sender);
      if (controller === undefined) throw refusal('unknown sender');
      try {
        const { added, repeated, errors } = await controller.take([body]);
        return { added, repeated, errors: errors.slice(0, 20) };
      } catch (error) {
        throw new ProblemError(503, {
          detail: 'the events could not be stored; send them again',
          headers: { 'Retry-After': '5' },
          cause: error,
        });
      }
    },
  });
}

/** Before anything of the body is looked at. */
function verified(pushed: PushedControllers, clock: Clock): RequestHandler {
  return (request, _response, next) => {
    const sender = String(request.params['sender']);
    const refuse = (why: Refusal): never => {
      pushed.refuse(sender, why);
      throw refusal(why);
    };
    const { key } = pushed.find('webhook', sender) ?? {};
    if (key === undefined) return refuse('unknown sender');
    const fault = signatureFault(request, { secret: key, now: clock.now() });
    if (fault === 'signature') return refuse('wrong signature');
    if (fault === 'timestamp') return refuse('outside the replay window');
    next();
  };
}

/** A stranger does not learn which names there are. */
function refusal(why: Refusal): ProblemError {
  const detail =
    why === 'outside the replay window'
      ? `X-Pantau-Timestamp is more than ${replayWindowMs / 1_000} s from the time here; set the sender's clock`
      : 'no such sender, or X-Pantau-Signature is not the HMAC-SHA256 of "timestamp.body" with its key';
  return new ProblemError(401, { detail });
}

function view(row: FieldEventRow): AccessEventView {
  return {
    id: row.id,
    source: `${row.site}/${row.device}`,
    room: row.room,
    at: iso(row.at),
    receivedAt: iso(row.received_at),
    kind: row.kind,
    attributes: attributes.parse(JSON.parse(row.attributes)),
  };
}

function controllerView(state: ControllerState): AccessControllerView {
  const {
    source,
    controller,
    events,
    highest = null,
    missing,
    restarts,
    clockOffsetMs = null,
    clockJumps,
  } = state;
  return {
    source,
    controller,
    events,
    lastAt: isoOrNull(state.lastAt ?? null),
    lastReceivedAt: isoOrNull(state.lastReceivedAt ?? null),
    highest,
    missing,
    gaps: state.gaps.slice(-100).map(({ foundAt, ...gap }) => ({ ...gap, foundAt: iso(foundAt) })),
    restarts,
    clockOffsetMs,
    clockJumps,
    unknownDoors: state.unknownDoors.events,
    unknownDoor: state.unknownDoors.last ?? null,
  };
}
