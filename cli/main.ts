import { unknownName } from '../core/names.ts';
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { roles, role as roleSchema, tokenRole, tokenRoles } from '../server/contracts/common.ts';
import { drillNames } from '../server/contracts/system.ts';
import { AccountError } from '../server/auth/users.ts';
import { loadConfig } from '../config/load.ts';
import { loadConfigInThread } from '../config/load-thread.ts';
import { parseDurationMs } from '../config/schema/common.ts';
import { checkConfig } from './check-config.ts';
import { dataCommands } from './data-commands.ts';
import { askDrill } from './drill.ts';
import { EnvironmentError, readEnvironment, type Environment } from './environment.ts';
import { initConfig } from './init.ts';
import { changeOperations, explainDatabaseError, withOperations } from './operations.ts';
import { fieldCommands } from './field-commands.ts';
import { runUntilSignal } from './run.ts';
import type { BegunLoad } from './serve.ts';
import { createToken, listTokens, revokeToken } from './token.ts';
import { exitCodes, UsageError } from './usage.ts';
import { addUser, listUsers, removeUser, setPassword } from './user.ts';

/** Parses the command line and hands over; exit codes after sysexits(3), listed in docs/operations.md. */
const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
const version = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? '0';
};

function beginLoad(folder: string): BegunLoad {
  const begunAt = Date.now();
  const result = loadConfigInThread(folder);
  // Whoever awaits it is told; until somebody does, it is nobody's unhandled error.
  result.catch(() => undefined);
  return { result, begunAt };
}

function commands(environment: Environment): Command {
  const program = new Command('pantau');
  program.description('Monitoring of data centre facilities').version(version());
  const config = new Option('--config <dir>', 'configuration folder').default(environment.PANTAU_CONFIG);

  program
    .command('serve')
    .description('run the server, with the collectors in process')
    .option('--simulate', 'start the simulator and let every device be one of its own')
    .option('--no-simulate', 'start no simulator, even if the configuration says that the field is simulated')
    .option('--no-collectors', 'poll nothing')
    .action(async (options: { simulate?: boolean; collectors: boolean }) => {
      await runUntilSignal(async () => {
        // Its thread reads while this one loads the server's own modules.
        const configuration = beginLoad(environment.PANTAU_CONFIG);
        const { serve } = await import('./serve.ts');
        return serve(environment, { ...options, configuration, version: version() });
      });
    });

  program
    .command('collect')
    .description('poll one site and deliver to a server elsewhere; PANTAU_TOKEN is its token')
    .requiredOption('--site <site>', 'which')
    .requiredOption('--server <url>', 'where the server is')
    .option('--spool <dir>', 'where readings wait; spool-SITE in the data folder unless given')
    .addOption(
      new Option('--spool-size <size>', 'room for readings that wait')
        .default(2 * gigabyte, '2GB')
        .argParser(spoolBytes),
    )
    .action(async (options: { site: string; server: string; spool?: string; spoolSize: number }) => {
      const { spoolSize, ...rest } = options;
      await runUntilSignal(async () => {
        const { collect } = await import('./collect.ts');
        return collect(environment, { ...rest, spoolBytes: spoolSize, version: version() });
      });
    });

  const simulator = program
    .command('simulate')
    .description('the field as devices on loopback, in this process');
  simulator.addOption(config).action(async (options: { config: string }) => {
    await runUntilSignal(async () => {
      const { simulate } = await import('./simulate.ts');
      return simulate({
        configDir: options.config,
        basePort: environment.PANTAU_SIMULATOR_PORT,
        level: environment.PANTAU_LOG,
      });
    });
  });
  simulator
    .command('walk <file>')
    .description('a recorded walk as an SNMP agent on loopback')
    .requiredOption('--port <port>', 'UDP port', Number)
    .action(async (file: string, options: { port: number }) => {
      await runUntilSignal(async () => {
        const { simulateWalk } = await import('./simulate.ts');
        const agent = await simulateWalk(file, options.port);
        print(`${file} answers on 127.0.0.1:${agent.port}`);
        return agent;
      });
    });

  program
    .command('drill')
    .description('start or stop a scenario of the simulator')
    .argument('<name>', drillNames.join(', '))
    .requiredOption('--site <site>', 'where')
    .option('--stop', 'end it')
    .option('--minutes <minutes>', 'loaded run of load-test, which ends by itself', Number)
    .action(async (name: string, options: { site: string; stop?: boolean; minutes?: number }) => {
      process.exitCode = await askDrill(
        environment,
        {
          name,
          site: options.site,
          action: options.stop === true ? 'stop' : 'start',
          minutes: options.minutes,
        },
        print,
      );
    });

  program
    .command('check-config')
    .description('every mistake of the configuration, or what it amounts to')
    .addOption(config)
    .action((options: { config: string }) => {
      process.exitCode = checkConfig(options.config, print);
    });

  program
    .command('holidays')
    .description('days that are not worked')
    .command('import <file>')
    .description('make calendar/YEAR.yaml of a table (date;name;type) or an iCalendar file')
    .option('--year <year>', 'of a file with several years, which', Number)
    .option('--source <text>', 'the decree that the days come from')
    .option('--replace', 'write a calendar that is there anew')
    .addOption(config)
    .action(
      async (
        file: string,
        options: { config: string; year?: number; source?: string; replace?: boolean },
      ) => {
        const { importHolidays } = await import('./holidays.ts');
        process.exitCode = importHolidays(file, options, print);
      },
    );

  program
    .command('init')
    .description('write a small configuration to begin with: one site, one room, one UPS, one sensor')
    .argument('<dir>', 'a new or an empty folder')
    .action((dir: string) => initConfig(dir, print));

  fieldCommands(program, { environment, config, print });
  dataCommands(program, { environment, version: version(), print });
  accounts(program, environment);
  return program;
}

const gigabyte = 1_000_000_000;
const byteUnits = new Map([['MB', 1_000_000], ['GB', gigabyte]]); // prettier-ignore
/** Less would not hold an hour of a site. */
const leastSpoolBytes = 16_000_000;

function spoolBytes(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(MB|GB)$/i.exec(text) ?? [];
  const bytes = Number(number) * (byteUnits.get((unit ?? '').toUpperCase()) ?? Number.NaN);
  if (bytes >= leastSpoolBytes) return bytes;
  throw new AccountError(`--spool-size ${text}: expected a size from 16MB, such as 500MB or 2GB`);
}

/** Users and tokens are kept in the operations database; the server need not run, and may. */
function accounts(program: Command, environment: Environment): void {
  const roleOption = new Option('--role <role>', 'what it may do').choices(roles).default('viewer');
  const run = (work: Parameters<typeof withOperations<string>>[1]) => async (): Promise<void> =>
    print(await withOperations(environment, work));
  type Change = Parameters<typeof changeOperations>[1];
  const change = async (command: Change, work: Parameters<typeof withOperations<string>>[1]): Promise<void> =>
    print(await changeOperations(environment, command, work));

  const user = program.command('user').description('people who may sign in');
  user.command('list').action(run((db) => listUsers(db)));
  user
    .command('add <name>')
    .addOption(roleOption)
    .option('--password <password>', 'made and shown once unless given')
    .action((name: string, options: { role: string; password?: string }) =>
      change(
        { method: 'POST', path: '/users', params: { name }, body: { name, role: options.role } },
        (db, means) =>
          addUser(db, { name, role: roleSchema.parse(options.role), password: options.password }, means),
      ),
    );
  user
    .command('password <name>')
    .option('--password <password>', 'made and shown once unless given')
    .action((name: string, options: { password?: string }) =>
      change(
        { method: 'POST', path: '/users/:name/password', params: { name }, body: null },
        (db, { randomBytes }) => setPassword(db, name, { password: options.password, randomBytes }),
      ),
    );
  user
    .command('remove <name>')
    .action((name: string) =>
      change({ method: 'DELETE', path: '/users/:name', params: { name }, body: null }, (db) =>
        removeUser(db, name),
      ),
    );

  const token = program.command('token').description('tokens of programs');
  token.command('list').action(run((db) => listTokens(db)));
  token
    .command('create <name>')
    .addOption(new Option('--role <role>', 'what it may do').choices(tokenRoles).default('viewer'))
    .addOption(
      new Option(
        '--site <site>',
        'whose readings a collector delivers, or what another role may see; may be given again',
      ).argParser((site: string, before?: string[]) => [...(before ?? []), knownSite(environment, site)]),
    )
    .option('--for <duration>', 'how long it holds, e.g. 30d; for good unless given', (text) => {
      const lifeMs = parseDurationMs(text);
      if (lifeMs === undefined) throw new AccountError(`"${text}" is no duration; say 12h or 30d`);
      return lifeMs;
    })
    .action((name: string, options: { role: string; site?: string[]; for?: number }) =>
      change(
        {
          method: 'POST',
          path: '/tokens',
          params: { name },
          body: { name, role: options.role, sites: options.site },
        },
        (db, means) =>
          createToken(
            db,
            { name, role: tokenRole.parse(options.role), sites: options.site, lifeMs: options.for },
            means,
          ),
      ),
    );
  token
    .command('revoke <name>')
    .action((name: string) =>
      change({ method: 'DELETE', path: '/tokens/:name', params: { name }, body: null }, (db) =>
        revokeToken(db, name),
      ),
    );
}

/** Checked where the configuration is at hand; a data folder may stand without it. */
function knownSite({ PANTAU_CONFIG }: Environment, site: string): string {
  const loaded = loadConfig(PANTAU_CONFIG);
  if (!loaded.ok) return site;
  const sites = loaded.model.sites.map(({ id }) => id);
  if (!sites.includes(site)) throw new AccountError(unknownName('site', site, sites));
  return site;
}

try {
  const environment = readEnvironment(process.env);
  const program = commands(environment);
  for (const command of [program, ...program.commands]) command.showHelpAfterError();
  await program.parseAsync();
} catch (error) {
  if (error instanceof EnvironmentError || error instanceof AccountError || error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error instanceof UsageError ? error.code : exitCodes.usage);
  }
  if (explainDatabaseError(error)) process.exit();
  // Not something the person at the terminal did: one line for them, the stack for a bug report.
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`pantau failed: ${reason} (PANTAU_LOG=debug prints the stack)\n`);
  if (process.env['PANTAU_LOG'] === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(exitCodes.internal);
}
