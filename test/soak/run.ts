/** `npm run soak [NAME …]`: hours of faults against real processes, which no test run has time for. All of them unless named. */
const soaks: Readonly<Record<string, () => Promise<unknown>>> = {
  collector: () => import('../remote/soak.ts'),
  drills: () => import('./drills-soak.ts'),
  'drill-sentences': () => import('./drill-sentences-soak.ts'),
  day: () => import('../day/soak.ts'),
  quiet: () => import('../day/quiet.ts'),
  pages: () => import('./pages-soak.ts'),
  'kill-historian': () => import('./kill-historian-soak.ts'),
  'kill-operations': () => import('./kill-operations-soak.ts'),
  screens: () => import('./screens-soak.ts'),
  tamper: () => import('./tamper-soak.ts'),
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(soaks);
for (const name of names) {
  const soak = soaks[name];
  if (soak === undefined) throw new Error(`no soak "${name}"; there are ${Object.keys(soaks).join(', ')}`);
  process.stdout.write(`${name}\n`);
  await soak();
}
