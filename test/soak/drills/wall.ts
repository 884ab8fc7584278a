import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { page as pageOf } from '../../../server/contracts/common.ts';
import { incidentSummary } from '../../../server/contracts/incidents.ts';
import { plantStateView } from '../../../server/contracts/plant-states.ts';
import type { DrillInput } from '../../../server/contracts/system.ts';
import { signIn } from '../../e2e/support/sign-in.ts';

const languages = ['id', 'en'] as const;
export type Language = (typeof languages)[number];

/** What a wall shows of one incident at its foot. */
interface Row {
  readonly title: string;
  readonly priority: string;
  readonly site: string;
}

/** The wall of all sites in both languages, and the operator beside it. */
export interface Walls {
  readonly pages: Readonly<Record<Language, Page>>;
  rows(language: Language): Promise<readonly Row[]>;
  /** The collector reads late, which keeps its site from being NORMAL. */
  hasLateCollector(language: Language): Promise<boolean>;
  /** What a site's card says of its state: a priority, NORMAL, or how much is without data. */
  state(language: Language, site: string): Promise<string>;
  /** Declares a load test of a site for an hour; what is returned ends it. */
  declare(site: string): Promise<() => Promise<void>>;
  /** Starts or ends a drill. */
  drill(name: DrillInput['name'], site: string, action: 'start' | 'stop'): Promise<void>;
  /** Acknowledges whatever is open, and resets what is latched and over, as the operator on duty would. */
  settle(): Promise<void>;
}

const rows = z.array(z.object({ title: z.string(), priority: z.string(), site: z.string() }));
const readRows = `[...document.querySelectorAll('[data-testid=incidents] .foot-row')].map((row) => ({
  title: row.querySelector('.foot-title').textContent.trim(),
  priority: row.querySelector('.mark b').textContent,
  site: row.querySelector('.foot-site').textContent,
}))`;

/** That the collector reads late or skips polls is true of a machine that runs a browser beside it, and no part of any drill. */
function isOfMachine(title: string): boolean {
  return /^(Kolektor \S.* (terlambat|melewatkan)|Collector of .* (late|skips))/.test(title);
}

export async function openWalls(browser: Browser, options: { readonly url: string; readonly password: string }): Promise<Walls> {
  const { url } = options;
  const open = async (language: Language): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    await signIn(page, { ...options, user: 'admin', patienceMs: 300_000 });
    await page.evaluate(`localStorage.setItem('pantau.bahasa', '${language}')`);
    await page.reload();
    await page.locator('[data-rack].cell--good').first().waitFor();
    return page;
  };
  const pages = { id: await open('id'), en: await open('en') };
  const { request } = pages.id.context();
  const post = async (path: string, data: unknown = {}): Promise<void> => {
    let said = '';
    const isTaken = async (): Promise<boolean> => {
      const answer = await request.post(`${url}/api/v1/${path}`, { data, maxRetries: 3, timeout: 60_000 });
      said = `${answer.status()} ${await answer.text()}`;
      // What is still going on cannot be reset yet; it is tried again later.
      return answer.ok() || answer.status() === 409;
    };
    // A busy machine may keep the simulator from answering in time.
    if (!(await until(isTaken, 120_000))) throw new Error(`${path}: ${said}`);
  };
  const read = async (language: Language): Promise<readonly Row[]> => rows.parse(await pages[language].evaluate(readRows));
  return {
    pages,
    rows: async (language) => (await read(language)).filter(({ title }) => !isOfMachine(title)),
    hasLateCollector: async (language) => (await read(language)).some(({ title }) => isOfMachine(title)),
    state: async (language, site) => (await pages[language].getByTestId(`site-${site}`).locator('.card-state').textContent()) ?? '',
    async declare(site) {
      const data = { state: 'load-test', site, reason: 'Uji beban', to: new Date(Date.now() + 3_600_000).toISOString() };
      const answer = await request.post(`${url}/api/v1/plant-states`, { data, maxRetries: 3 });
      const { id } = plantStateView.parse(await answer.json());
      return () => post(`plant-states/${id}/end`);
    },
    drill: (name, site, action) => post('drills', { name, site, action, ...(name === 'load-test' && action === 'start' ? { minutes: 2 } : {}) }),
    async settle() {
      const answer = await request.get(`${url}/api/v1/incidents?state=open`);
      for (const { id } of pageOf(incidentSummary).parse(await answer.json()).items) {
        await post(`incidents/${id}/ack`);
        await post(`incidents/${id}/reset`);
      }
    },
  };
} // prettier-ignore

/** Whether it became true in time; looks twice a second. */
export async function until(holds: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > giveUpAt) return false;
    await sleep(500);
  }
}
