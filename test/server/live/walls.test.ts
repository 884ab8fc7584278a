import { afterEach, beforeEach, expect, it } from 'vitest';
import { addUser, setDisabled } from '../../../server/auth/users.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { createWallRepository } from '../../../server/live/wall-repository.ts';
import { createWalls } from '../../../server/live/walls.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

forEachDatabase('walls', (database) => {
  let db: Database;
  let clock: FakeClock;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    clock = createFakeClock();
    await addUser(db, { name: 'dinding', password: 'kata-sandi-1', role: 'wall' }, clock.now());
    await addUser(db, { name: 'ana', password: 'kata-sandi-2', role: 'admin' }, clock.now());
  });
  afterEach(() => db.destroy());
  const walls = () => createWalls({ repository: createWallRepository(db), clock });

  it('are silent from their last report on, and not before their first', async () => {
    const one = walls();
    await one.refresh();
    await clock.advance(100_000);
    expect(one.silenceMs()).toBe(0);
    await one.painted('dinding');
    await clock.advance(91_000);
    await one.refresh();
    expect(one.silenceMs()).toBe(91_000);
    await one.painted('dinding');
    expect(one.silenceMs()).toBe(0);
  });

  it('are missed after a restart too, and no longer once their account is closed', async () => {
    await walls().painted('dinding');
    const restarted = walls();
    await restarted.refresh();
    await clock.advance(95_000);
    expect(restarted.silenceMs()).toBe(95_000);
    await setDisabled(db, 'dinding', clock.now());
    await restarted.refresh();
    expect(restarted.silenceMs()).toBe(0);
  });

  it('are not judged by a wall clock that jumps', async () => {
    const one = walls();
    await one.painted('dinding');
    clock.step(-3_600_000);
    await clock.advance(20_000);
    expect(one.silenceMs()).toBe(20_000);
  });
});
