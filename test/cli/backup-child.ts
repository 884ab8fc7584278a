import { makeBackup } from '../../cli/backup.ts';

/** `pantau backup` in a process of its own, as people run it beside a server: arguments are data folder, configuration, output. */
const [, , dataDir = '', configDir = '', out = ''] = process.argv;
const made = await makeBackup(
  { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: undefined, PANTAU_INFLUX_URL: undefined },
  { out, configDir, version: '0.1.0', now: Date.now(), progress: () => undefined },
);
process.stdout.write(`${made.files.length} files\n`);
