import type { Estate } from '../../e2e/support/estate.ts';
import { until, type Walls } from './wall.ts';

/** What may happen to a wall itself. Each answers what was not as it must be. */
type Fault = (world: { readonly walls: Walls; readonly estate: Estate }) => Promise<readonly string[]>;

const racks = 728;
const patience = 120_000;

/** The whole picture says that it is old, within the 3 s that it may lack news and the time that a frame takes. */
async function isLost({ pages }: Walls, patienceMs: number): Promise<boolean> {
  const { id } = pages;
  return until(async () => {
    const [sign, crossed] = [await id.getByTestId('connection-lost').count(), await id.locator('.picture--lost').count()]; // prettier-ignore
    return sign === 1 && crossed === 1;
  }, patienceMs);
}

/** Every rack has a fresh value and nothing says that it is old. */
async function isLive({ pages }: Walls): Promise<boolean> {
  const { id } = pages;
  return until(
    async () =>
      (await id.getByTestId('connection-lost').count()) === 0 &&
      (await id.locator('[data-rack].cell--good').count()) === racks,
    patience,
  );
}

async function hasLeak(walls: Walls): Promise<boolean> {
  return until(
    async () =>
      (await walls.rows('id')).some(({ title }) => title.startsWith('Air terdeteksi di Ruang data 1, DC')),
    patience,
  );
}

async function calm(walls: Walls): Promise<boolean> {
  return until(async () => {
    await walls.settle();
    return (await walls.rows('id')).length === 0;
  }, 2 * patience);
}

/** The server dies without goodbye while water stands under the floor; who looked sees it again. */
const serverKilled: Fault = async ({ walls, estate }) => {
  const wrong: string[] = [];
  await walls.drill('leak', 'dc', 'start');
  if (!(await hasLeak(walls))) wrong.push('no leak before');
  await estate.killServer();
  if (!(await isLost(walls, 10_000))) wrong.push('the picture does not say that it is old');
  await estate.startServer();
  if (!(await isLive(walls))) wrong.push('not live after the start');
  if (!(await hasLeak(walls))) wrong.push('the leak is gone after the start');
  await walls.drill('leak', 'dc', 'stop');
  if (!(await calm(walls)))
    wrong.push(`after its end the wall has ${JSON.stringify(await walls.rows('id'))}`);
  return wrong;
};

/** The wall's own network: what was missed is there at once when it is back. */
const networkCut: Fault = async ({ walls }) => {
  const wrong: string[] = [];
  const context = walls.pages.id.context();
  await context.setOffline(true);
  if (!(await isLost(walls, 20_000))) wrong.push('the picture does not say that it is old');
  await context.setOffline(false);
  if (!(await isLive(walls))) wrong.push('not live when the network is back');
  return wrong;
};

/** The wall's computer has a wrong clock: what is fresh stays fresh, and the clock on the wall is the server's. */
const wallClock: Fault = async ({ walls }) => {
  const wrong: string[] = [];
  const { id } = walls.pages;
  for (const hours of [1, -1]) {
    await id.addInitScript(`{
      const RealDate = Date;
      const shiftMs = ${hours * 3_600_000} - (globalThis.shiftedMs ?? 0);
      globalThis.shiftedMs = ${hours * 3_600_000};
      globalThis.Date = class extends RealDate {
        constructor(...given) { if (given.length === 0) super(RealDate.now() + shiftMs); else super(...given); }
        static now() { return RealDate.now() + shiftMs; }
      };
    }`);
    await id.reload();
    if (!(await isLive(walls))) wrong.push(`${hours} h off: racks are not shown as fresh`);
    const shown = async (): Promise<string> => (await id.locator('.wall-clock').textContent()) ?? '';
    const isRight = async (): Promise<boolean> => {
      const text = await shown();
      return [-1_000, 0, 1_000].some((ms) => text.includes(wib(Date.now() + ms)));
    };
    if (!(await until(isRight, 10_000))) wrong.push(`${hours} h off: the clock shows ${await shown()}`);
  }
  return wrong;
};

function wib(at: number): string {
  return new Date(at + 7 * 3_600_000).toISOString().slice(11, 16).replace(':', '.');
}

/** The server's clock goes five minutes back, and comes right again: readings are judged and shown all the while. */
const serverClock: Fault = async ({ walls, estate }) => {
  const wrong: string[] = [];
  for (const seconds of [-300, 0, 300, 0]) {
    await estate.shiftServerClock(seconds);
    if (!(await isLive(walls))) wrong.push(`${seconds} s: not every rack is fresh`);
    // Short three times within ten minutes, an alarm is held for ten: only while the clock is wrong there is a leak.
    if (seconds === 0) continue;
    await walls.drill('leak', 'dc', 'start');
    if (!(await hasLeak(walls))) wrong.push(`${seconds} s: no leak`);
    await walls.drill('leak', 'dc', 'stop');
    if (!(await calm(walls)))
      wrong.push(`${seconds} s: the wall keeps ${JSON.stringify(await walls.rows('id'))}`);
  }
  return wrong;
};

export const faults: Readonly<Record<string, Fault>> = {
  'server-killed': serverKilled,
  'network-cut': networkCut,
  'wall-clock': wallClock,
  'server-clock': serverClock,
};
