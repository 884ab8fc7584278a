import { Option } from 'commander';
import { defaultZone } from "../core/zoned.js";
import { csvDialects } from "../server/historian/csv.js";
import { sizeText } from "./backup-manifest.js";
import { makeBackup } from "./backup.js";
import { runExport } from "./export-command.js";
import { restoreBackup } from "./restore.js";
import { runVerifyLog } from "./verify-log.js";
const toStderr = (line) => void process.stderr.write(`${line}\n`);
/** Commands that take data out of an installation and bring it back. */
export function dataCommands(program, means) {
    const { environment, version, print } = means;
    verification(program, means);
    program
        .command('backup')
        .description('everything of this server, also while it runs: databases, readings, files of incidents, configuration')
        .requiredOption('--out <path>', 'a new folder, or a file that ends in .tar or .tar.gz')
        .option('--config <dir>', 'configuration folder', environment.PANTAU_CONFIG)
        .action(async ({ out, config }) => {
        const manifest = await makeBackup(environment, {
            out, configDir: config, version, now: Date.now(), progress: toStderr,
        }); // prettier-ignore
        print(`${out}: ${summary(manifest)}`);
        for (const line of manifest.notIncluded)
            print(`not included: ${line}`);
    });
    program
        .command('export')
        .description('readings of many points as CSV; progress on standard error')
        .requiredOption('--points <patterns...>', "ids, e.g. 'dc/ups-*' or 'dc/env-*/temperature'; * is anything")
        .requiredOption('--from <time>', '2026-11-23, 2026-11-23T08:00 (WIB), or with an offset')
        .requiredOption('--to <time>', 'the same')
        .requiredOption('--out <file>', 'a new file')
        .addOption(new Option('--resolution <step>', 'raw readings or buckets')
        .choices(['auto', 'raw', '1m', '1h', '1d'])
        .default('auto'))
        .addOption(new Option('--format <format>', 'of the file').choices(['csv']).default('csv'))
        .addOption(new Option('--dialect <name>', 'excel: for Excel with Indonesian settings')
        .choices(csvDialects)
        .default('standard'))
        .option('--zone <zone>', 'of the times', defaultZone)
        .option('--server <url>', 'PANTAU_HOST and PANTAU_PORT unless given; PANTAU_TOKEN is its token')
        .option('--offline', 'read the data folder, without a server')
        .option('--config <dir>', 'with --offline: configuration folder', environment.PANTAU_CONFIG)
        .action((asked) => runExport(environment, asked, print));
    program
        .command('restore')
        .description('a backup into a new data folder; nothing that is there is overwritten')
        .argument('<backup>', 'folder or file of "pantau backup"')
        .option('--data <dir>', 'data folder, new or empty', environment.PANTAU_DATA)
        .option('--config <dir>', 'also put the configuration here, a new or empty folder')
        .action(async (backup, { data, config }) => {
        const manifest = await restoreBackup({
            backup, dataDir: data, configDir: config,
            databaseUrl: environment.PANTAU_DATABASE_URL,
            progress: toStderr,
        }); // prettier-ignore
        print(`${data}: restored, as of ${manifest.madeAt}; ${summary(manifest)}`);
        if (config === undefined)
            print(`the configuration is in the backup: config/ (or restore with --config DIR)`);
        for (const line of manifest.notIncluded)
            print(`not included: ${line}`);
    });
}
function verification(program, { environment, print }) {
    program
        .command('verify-log')
        .description('read every value that the log covers and compute all proofs again; 1: something is not what was logged')
        .argument('[backup]', 'folder or file of "pantau backup"; the running data folder or PostgreSQL unless given')
        .option('--witness <file>', 'witness.json of a remote collector; may be given again', (file, before) => [...before, file], [])
        .option('--key <key>', 'that the log must be signed with, as GET /api/v1/log shows it')
        .option('--database <url>', 'for a backup of PostgreSQL: an empty database that it is unpacked into')
        .option('--json', 'the result as JSON')
        .action(async (backup, options) => {
        process.exitCode = await runVerifyLog(environment, { backup, ...options }, print);
    });
}
function summary({ files }) {
    return `${files.length} files, ${sizeText(files.reduce((bytes, file) => bytes + file.bytes, 0))}`;
}
//# sourceMappingURL=data-commands.js.map