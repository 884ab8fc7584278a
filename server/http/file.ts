import type { Response } from 'express';
import { z } from 'zod';

interface FileOptions {
  /** Media type of the body: `application/pdf`. */
  readonly type: string;
  /** Under which it is saved; plain letters, digits, hyphens and dots. */
  readonly name: string;
  readonly body: Uint8Array | string;
}

/** The answer of an endpoint that gives a file and not JSON: declare `output: fileOutput` and `file: '<media type>'`. */
export class FileAnswer {
  readonly type: string;
  readonly name: string;
  readonly body: Uint8Array | string;

  constructor({ type, name, body }: FileOptions) {
    this.type = type;
    this.name = name;
    this.body = body;
  }
}

export const fileOutput = z.instanceof(FileAnswer);

/** Saved by the browser and never run as a page of this server. */
export function sendFile(response: Response, { type, name, body }: FileAnswer): void {
  response
    .type(type)
    .attachment(name)
    .set('X-Content-Type-Options', 'nosniff')
    .send(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}
