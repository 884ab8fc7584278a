import { defineConfig } from 'vitest/config';

/** Hours of the simulated estate: arithmetic that is the same on every Node, so one of them is enough (scripts/test-all.js). */
const estate = ['test/day/**/*.test.ts', 'test/simulator/{aggregates,drills,physics}.test.ts'];
/** What takes longest of the rest is repeated on no other Node either: the whole run must end within half an hour. */
const long = [
  'test/cli/{start,backup}.test.ts',
  'test/server/db/{operations,busy}.test.ts',
  'test/server/historian/damage.test.ts',
  'test/server/api/{expensive,history}.test.ts',
  'test/server/alarm-figures/repository.test.ts',
  // Twenty minutes of a site's physics, read every two seconds.
  'test/server/loadtest/{drill,watch}.test.ts',
  'test/server/incidents/{incidents,faults,endpoints}.test.ts',
  'test/server/notify/{paging,push,links}.test.ts',
  'test/server/access/{repository,stores,field-events,tickets,pushed,link}.test.ts',
  'test/server/access/judgement/repository.test.ts',
  'test/server/audit/{audit,attacks,witness}.test.ts',
  'test/server/access/persons/{erase,exits}.test.ts',
  'test/server/alarms/shipped-rules.test.ts',
  'test/server/compliance/{endpoints,reports}.test.ts',
  'test/server/reload.test.ts',
  'test/simulator/start.test.ts',
  'test/config/library.test.ts',
  // Ten minutes of a site's physics, polled every five seconds.
  'test/server/capacity/{service,what-if,drills}.test.ts',
];
/** Nothing of ours keeps state in a module, so files can share a process: a third of the time is loading. */
const shared = { isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } };
const slow = {
  testTimeout: 240_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 100 } },
};

export default defineConfig({
  test: {
    reporters: ['default', './test/support/reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A wait ends with its condition: a long one costs time only where something is broken.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/peers/**', 'test/e2e/**', ...estate, ...long],
          ...shared,
        },
      },
      { extends: true, test: { name: 'once', include: [...estate, ...long], ...shared } },
      {
        // Real programs, after the rest: much of their time is waiting for one another, so two files fit beside each other.
        extends: true,
        test: {
          name: 'peers',
          include: ['test/peers/**/*.test.ts'],
          isolate: false,
          maxWorkers: 2,
          ...slow,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // A real browser keeps two cores busy by itself: one file at a time.
        extends: true,
        test: {
          name: 'browser',
          include: ['test/e2e/**/*.test.ts'],
          isolate: false,
          fileParallelism: false,
          ...slow,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
