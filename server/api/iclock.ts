import { createHash } from 'node:crypto';
import express, {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Logger } from 'pino';
import { accessOptions, attendanceOptions, readAdms } from '../access/controllers/adms.ts';
import type { PushedController, PushedControllers } from '../access/controllers/push.ts';

interface IclockOptions {
  readonly controllers: PushedControllers;
  /** Hours east of UTC of the places that the terminals are at. */
  readonly timeZoneHours: () => number;
  readonly log: Logger;
}

/** A year of a terminal in one message is cut into several by its firmware; more than this is none. */
const bodyLimit = '4mb';
/** Addresses that have proved a key, by serial number; terminals are few. */
const mostSessions = 1_000;

/**
 * Where ZKTeco terminals send their events (docs/access-controllers.md). The key stands in the path (`/iclock/KEY/…` or `/KEY/iclock/…`),
 * or is the terminal's own `pushcommkey`, which it sends only with its first request: from then on its address stands for it.
 * Answers are plain text, as the protocol has it. Nothing is acknowledged that is not stored.
 */
export function iclockRouter({ controllers, timeZoneHours, log }: IclockOptions): Router {
  const router = Router();
  const proved = new Map<string, string>();
  const text = express.text({ type: () => true, limit: bodyLimit });

  /** Undefined: refused, and answered. */
  function controllerOf(request: Request, response: Response): PushedController | undefined {
    const serial = textOf(request.query['SN']) ?? '';
    const controller = controllers.find('adms', serial);
    if (controller === undefined) {
      controllers.refuse(serial, 'unknown sender');
      answer(response, 401, 'ERROR: unknown serial number');
      return undefined;
    }
    const sent = textOf(request.params['key']) ?? pushCommKey(request.query);
    const address = request.ip ?? '';
    const isProved = sent === undefined ? proved.get(serial) === address : controller.isKey(sent);
    if (!isProved) {
      controllers.refuse(serial, 'wrong key');
      answer(response, 401, 'ERROR: wrong key');
      return undefined;
    }
    if (request.params['key'] === undefined && (proved.has(serial) || proved.size < mostSessions))
      proved.set(serial, address);
    return controller;
  }

  const parsed = (request: Request, response: Response): Promise<void> =>
    new Promise((resolve, reject) => {
      text(request, response, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the body cannot be read'));
      });
    });

  async function receive(controller: PushedController, request: Request, response: Response): Promise<void> {
    const table = textOf(request.query['table']) ?? '';
    const body: unknown = request.body;
    const serial = textOf(request.query['SN']) ?? '';
    const { documents, lines, errors } = readAdms(table, typeof body === 'string' ? body : '', serial);
    for (const error of errors) controller.malformed(error);
    await controller.take(documents);
    answer(response, 200, `OK: ${lines}`);
  }

  function greet(controller: PushedController, request: Request, response: Response): void {
    const serial = textOf(request.query['SN']) ?? '';
    const setup = { serial, timeZoneHours: timeZoneHours(), registryCode: registryCode(controller) };
    const isAccess =
      textOf(request.query['DeviceType'])?.toLowerCase() === 'acc' ||
      Number.parseInt(textOf(request.query['pushver']) ?? '2', 10) >= 3;
    answer(response, 200, isAccess ? accessOptions(setup) : attendanceOptions(setup));
  }

  const handle: RequestHandler = async (request, response) => {
    const action = textOf(request.params['action'])?.replace(/\.aspx$/, '') ?? '';
    const controller = controllerOf(request, response);
    if (controller === undefined) return;
    controller.alive();
    if (action === 'cdata' && request.method === 'GET') greet(controller, request, response);
    else if (action === 'cdata' && request.method === 'POST') {
      await parsed(request, response);
      await receive(controller, request, response);
    } else if (action === 'registry') answer(response, 200, `RegistryCode=${registryCode(controller)}`);
    else if (action === 'push') greet(controller, request, response);
    // No command is ever sent: the field is only read (docs/decisions/019-controllers-are-not-asked.md).
    else if (['getrequest', 'devicecmd', 'ping', 'fdata', 'rtdata', 'querydata'].includes(action))
      answer(response, 200, 'OK');
    else answer(response, 404, 'ERROR: unknown request');
  };
  // Express passes what a handler rejects with to the error handler.
  router.use(['/iclock{/:key}/:action', '/:key/iclock/:action'], [handle]);
  router.use(failed(log));
  return router;
}

/** The terminal keeps what is not answered with 200, and sends it again. */
function failed(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const isTooLarge =
      typeof error === 'object' && error !== null && Reflect.get(error, 'type') === 'entity.too.large';
    if (!isTooLarge) log.warn({ err: error }, 'events of a terminal cannot be stored; it sends them again');
    answer(
      response,
      isTooLarge ? 413 : 503,
      isTooLarge ? `ERROR: more than ${bodyLimit}` : 'ERROR: try again',
    );
  };
}

function registryCode({ key = '', device }: PushedController): string {
  return createHash('sha256').update(`registry ${device.key} ${key}`).digest('hex').slice(0, 32);
}

function pushCommKey(query: Request['query']): string | undefined {
  const name = Object.keys(query).find((each) => each.toLowerCase() === 'pushcommkey');
  return name === undefined ? undefined : textOf(query[name]);
}

function answer(response: Response, status: number, body: string): void {
  response
    .status(status)
    .type('text/plain')
    .send(body.endsWith('\n') ? body : `${body}\n`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
