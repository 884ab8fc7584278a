import type { Browser, Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { peer } from '../../support/peers.ts';
import { startEstate, type Estate } from './estate.ts';
import { launch, password, signIn } from './sign-in.ts';

interface Visit {
  readonly page: Page;
  /** Errors the page wrote or threw, and requests to anywhere but the server, since it was opened. */
  readonly complaints: string[];
}

export interface Visitor {
  /** A fresh browser profile at a path, signed in. */
  visit(context: TestContext, place: string, size?: { width: number; height: number }): Promise<Visit>;
  estate(): Promise<Estate>;
  close(): Promise<void>;
}

/** One server and one browser for all tests of a file, started when the first of them asks. */
export function createVisitor(): Visitor {
  let estate: Promise<Estate> | undefined;
  let browser: Promise<Browser> | undefined;
  const started = (): Promise<Estate> => (estate ??= startEstate());
  return {
    estate: started,
    async visit(context, place, size = { width: 1920, height: 1080 }) {
      const executablePath = peer(context, 'chromium');
      browser ??= launch(executablePath);
      const { url } = await started();
      const page = await (await browser).newPage({ viewport: size });
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(url)) complaints.push(`request to ${request.url()}`);
      });
      await signIn(page, { url, user: 'admin', password, place });
      return { page, complaints };
    },
    async close() {
      await (await browser)?.close();
      await (await estate)?.stop();
    },
  };
}
