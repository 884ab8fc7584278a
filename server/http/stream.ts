import type { Response } from 'express';
import type { z } from 'zod';
import { writerOf } from './write.ts';

type Row = Readonly<Record<string, unknown>>;

/** Items that the endpoint writes as JSON itself, since there are very many: in pieces of one or several with commas between. */
export class JsonText {
  readonly pieces: AsyncIterable<string>;

  constructor(pieces: AsyncIterable<string>) {
    this.pieces = pieces;
  }
}

/**
 * A list that is made while it is sent, so that it may be longer than memory allows. Answers with the same JSON as a list,
 * `head` beside `items`; as CSV with the text that the endpoint makes of an item.
 */
export class StreamedList {
  readonly head: Row;
  readonly items: AsyncIterable<Row> | JsonText;
  /** Begins with its header line. */
  readonly csv: AsyncIterable<string>;

  constructor({
    head,
    items,
    csv,
  }: {
    readonly head: Row;
    readonly items: AsyncIterable<Row> | JsonText;
    readonly csv: AsyncIterable<string>;
  }) {
    this.head = head;
    this.items = items;
    this.csv = csv;
  }
}

/** One JSON value that the endpoint writes itself, in pieces: columns of tens of thousands of numbers, whose unchanging parts it keeps as text. */
export class StreamedValue {
  readonly pieces: AsyncIterable<string>;

  constructor(pieces: AsyncIterable<string>) {
    this.pieces = pieces;
  }
}

interface SendOptions {
  readonly csv: boolean;
  /** The client has gone: nothing more is made for it. */
  readonly signal: AbortSignal;
  /** In tests: what the endpoint declares as its output. */
  readonly schema?: z.ZodType | undefined;
}

/**
 * What fails before the first piece is made is an ordinary problem. What fails later cuts the connection: the client sees an
 * answer that does not end, never one that looks whole.
 */
export async function sendStreamed(
  response: Response,
  list: StreamedList,
  options: SendOptions,
): Promise<void> {
  const { csv, signal, schema } = options;
  await sendPieces(response, csv ? list.csv : jsonPieces(list, schema), {
    signal,
    announce() {
      if (!csv) response.type('application/json');
      else
        response
          .type('text/csv')
          .attachment(`${response.req.path.replaceAll(/[^a-z0-9-]+/gi, '-').replace(/^-|-$/g, '')}.csv`);
    },
  });
}

/** Fails as `sendStreamed` does. */
export async function sendValue(
  response: Response,
  { pieces }: StreamedValue,
  { signal, schema }: Omit<SendOptions, 'csv'>,
): Promise<void> {
  const announce = (): void => void response.type('application/json');
  await sendPieces(response, schema === undefined ? pieces : checked(pieces, schema), { signal, announce });
}

async function* checked(pieces: AsyncIterable<string>, schema: z.ZodType): AsyncGenerator<string> {
  const seen: string[] = [];
  for await (const piece of pieces) {
    seen.push(piece);
    yield piece;
  }
  schema.parse(JSON.parse(seen.join('')));
}

/** `announce` sets the headers, once the first piece is there. */
async function sendPieces(
  response: Response,
  all: AsyncIterable<string>,
  { signal, announce }: { readonly signal: AbortSignal; readonly announce: () => void },
): Promise<void> {
  const pieces = all[Symbol.asyncIterator]();
  let piece = await pieces.next();
  announce();
  const write = writerOf(response, signal);
  while (piece.done !== true) {
    signal.throwIfAborted();
    await write(piece.value);
    // The writer may take much at once: the rest of the process has its turn between two pieces.
    await new Promise((resolve) => setImmediate(resolve));
    piece = await pieces.next();
  }
  response.end();
}

async function* jsonPieces(
  { head, items }: StreamedList,
  schema: z.ZodType | undefined,
): AsyncGenerator<string> {
  const text = JSON.stringify(head);
  let before = `${text.slice(0, -1)}${text === '{}' ? '' : ','}"items":[`;
  const seen: string[] = [];
  for await (const item of items instanceof JsonText ? items.pieces : textsOf(items)) {
    if (schema !== undefined) seen.push(item);
    yield before + item;
    before = ',';
  }
  schema?.parse({ ...head, items: JSON.parse(`[${seen.join(',')}]`) });
  yield before === ',' ? ']}' : `${before}]}`;
}

async function* textsOf(items: AsyncIterable<Row>): AsyncGenerator<string> {
  for await (const item of items) yield JSON.stringify(item);
}
