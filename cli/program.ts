/** The command line: every command with its arguments, options and help. Each command's code is loaded when it runs. */
import { Argument, Command, Option } from 'commander';
import { LANGS } from '../orchestrator/script.ts';
import { DAEMON_ALLOWANCE_SETTINGS, type SettingName } from '../shared/settings.ts';
import { VERSION } from '../shared/version.ts';
import { EXIT } from './exit-codes.ts';
import { examples, exitCodes } from './help.ts';
import { addBundle, addSelftest } from './installation-commands.ts';
import { addKeeping } from './keeping-commands.ts';
import { addLanguage } from './language-commands.ts';
import { addLineage } from './lineage-commands.ts';
import {
  ALL_SETTINGS,
  addSettings,
  cycleOption,
  JSON_FLAG,
  type Options,
  paramOption,
  parseCount,
  parseDaemons,
  pointOption,
  SERVING_SETTINGS,
  settingFlags,
  settingsFrom,
  sizeOption,
} from './options.ts';
import { addPictures } from './picture-commands.ts';
import { addPlanOptions } from './plan-options.ts';
import { addQueue } from './queue-commands.ts';
import { addSignatures } from './signature-commands.ts';
import { addStore } from './store-commands.ts';
import { requireOwnFlags, sayUsageAsOurs } from './usage.ts';

const RENDERER: readonly SettingName[] = ['socketDir', 'backend', ...DAEMON_ALLOWANCE_SETTINGS, 'log'];
const NOT_RENDERER = SERVING_SETTINGS.filter((name) => !RENDERER.includes(name));
const ORCHESTRATOR = SERVING_SETTINGS.filter(
  (name) => !(DAEMON_ALLOWANCE_SETTINGS as readonly string[]).includes(name),
);

/** @param finish hears the exit code of the command that ran */
export function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('gvpie')
    .description(
      'A file-socket render daemon pair: a SQLite row goes in, a PNG cartridge that proves itself comes out.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help; gvpie COMMAND --help has examples')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .hook('preAction', (_, command) => requireOwnFlags(command))
    .addHelpText('after', `\nExit codes:\n${exitCodes()}`);
  addDaemons(program, finish);
  addPictures(program, finish);
  addSignatures(program, finish);
  addLineage(program, finish);
  addLanguage(program, finish);
  addDatabase(program, finish);
  addQueue(program, finish);
  addKeeping(program, finish);
  addStore(program, finish);
  addSocket(program, finish);
  addSelftest(program, finish);
  addBundle(program, finish);
  sayUsageAsOurs(program);
  return program;
}

type Finish = (code: number) => void;

const onceOption = (): Option =>
  new Option('--once', 'one attempt for each script that is due, then the end').conflicts('cycle');

function addDaemons(program: Command, finish: Finish): void {
  const up = program
    .command('up')
    .description('run renderer and orchestrator under one supervisor until Ctrl-C (npm start)')
    .addOption(onceOption())
    .addOption(cycleOption())
    .addOption(
      new Option('--renderers <n>', 'renderers at the socket, from 1 to 16')
        .argParser(parseDaemons)
        .default(1),
    )
    .addOption(
      new Option('--orchestrators <n>', 'orchestrators on the database, from 1 to 16')
        .argParser(parseDaemons)
        .default(1),
    )
    .action(async (options) => {
      const { settings } = settingsFrom(options, SERVING_SETTINGS);
      const { up } = await import('./up.ts');
      finish(await up(settings, settingFlags(options), options));
    });
  addSettings(up, SERVING_SETTINGS).addHelpText(
    'after',
    examples(
      'gvpie up',
      'gvpie up --once --durability fast',
      'gvpie up --renderers 4',
      'gvpie up --orchestrators 4 --cycle 60',
    ),
  );

  const renderer = program
    .command('renderer')
    .description('serve a socket: commands in, pixels out')
    .action(async (options: Options) => {
      const { settings } = settingsFrom(options, SERVING_SETTINGS);
      const { runRenderer } = await import('./daemons.ts');
      finish(await runRenderer(settings));
    });
  // The supervisor hands its flags to both daemons, so each takes the other's without a word.
  addSettings(renderer, RENDERER, NOT_RENDERER).addHelpText(
    'after',
    examples('gvpie renderer', 'gvpie renderer --socket "$XDG_RUNTIME_DIR/gvpie" --backend cpu'),
  );

  const orchestrator = program
    .command('orchestrator')
    .description('render the scripts of a database through a socket')
    .addOption(onceOption())
    .addOption(cycleOption())
    .action(async (options) => {
      const { settings } = settingsFrom(options, SERVING_SETTINGS);
      const { runOrchestrator } = await import('./daemons.ts');
      finish(await runOrchestrator(settings, options));
    });
  addSettings(orchestrator, ORCHESTRATOR, DAEMON_ALLOWANCE_SETTINGS).addHelpText(
    'after',
    examples(
      'gvpie orchestrator',
      'gvpie orchestrator --cycle 60',
      'gvpie orchestrator --once --db other.db --cartridges other',
    ),
  );
}

function addDatabase(program: Command, finish: Finish): void {
  const script = program.command('script').description('the scripts of a database');
  const add = (usage: string, about: string): Command =>
    addSettings(script.command(usage).description(about), ['database']).option(...JSON_FLAG);
  const settingsOf = (options: Options) => settingsFrom(options, ['database']).settings;
  const withContent = (command: Command): Command =>
    command
      .addArgument(new Argument('[FILE]', 'the program; - is standard input'))
      .addOption(new Option('--lang <lang>', 'language (a new script: pixel)').choices(LANGS))
      .option('--code <TEXT>', "the program itself; in most shells $'RECT 0 0 9 9\\nHALT' has two lines")
      .addOption(sizeOption(false))
      .addOption(paramOption())
      .option('--force', 'keep a program that would be refused');

  addPlanOptions(withContent(add('add <NAME>', 'add a script, enabled and due')), false)
    .action(async (name, file, options) => {
      const { addScript } = await import('./script-edit.ts');
      finish(await addScript(name, file, options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      examples(
        "gvpie script add mine --code 'RECT 5 5 20 10'",
        'gvpie script add poster poster.pxl --size 640x480',
        'gvpie script add clock clock.pxl --every 1m --priority 10',
        "gvpie script add report report.pxl --cron '0 9 * * 1-5' --time-zone Europe/Berlin --needs sales",
        'gvpie script add tiles tile.pxl --matrix column=0,1,2,3 --matrix row=0,1,2 --batch wall --key wall-1',
      ),
    );
  addPlanOptions(
    withContent(
      add('set <NAME>', 'change a script; it becomes due if that changes the picture or its times'),
    ),
    true,
  )
    .option('--no-params', 'forget the params it has; --param then sets new ones')
    .action(async (name, file, options) => {
      const { setScript } = await import('./script-edit.ts');
      finish(await setScript(name, file, options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      examples(
        'gvpie script set mine --size 64x64',
        'gvpie script set mine - < mine.pxl',
        'gvpie script set mine --param count=5',
        'gvpie script set clock --every 10s --catch-up skip',
        'gvpie script set report --no-needs --priority -5',
      ),
    );
  add('list', 'list all scripts')
    .action(async (options) => {
      const { listScripts } = await import('./script.ts');
      finish(await listScripts(options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie script list', 'gvpie script list --json | jq -r .[].name'));
  add('show <NAME>', 'print a script with its program')
    .option('--program', 'only the program, to the byte')
    .action(async (name, options) => {
      const { showScript } = await import('./script.ts');
      finish(await showScript(name, options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie script show mine', 'gvpie script show mine --program > mine.pxl'));
  for (const [verb, on, about] of [
    ['enable', true, 'render a script when it is due'],
    ['disable', false, 'leave a script alone'],
  ] as const) {
    add(`${verb} <NAME>`, about)
      .action(async (name, options) => {
        const { switchScript } = await import('./script.ts');
        finish(await switchScript(name, on, options, settingsOf(options)));
      })
      .addHelpText('after', examples(`gvpie script ${verb} mine`));
  }
  add('remove <NAME>', 'delete a script; its runs and cartridges stay')
    .alias('rm')
    .action(async (name, options) => {
      const { removeScript } = await import('./script.ts');
      finish(await removeScript(name, options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie script remove mine'));
  addSettings(add('run <NAME>', 'ask for a script once more, all points of its matrix, and wait'), [
    'timeoutMs',
  ])
    .option('--force', 'render it again even if the picture is known')
    .addOption(pointOption())
    .action(async (name, options) => {
      const { runScript } = await import('./script-run.ts');
      finish(await runScript(name, options, settingsFrom(options, ['database', 'timeoutMs']).settings));
    })
    .addHelpText('after', examples('gvpie script run mine', 'gvpie script run mine --force'));

  const runs = program
    .command('runs')
    .description('list the newest runs, of one script or of all')
    .argument('[NAME]', 'a script')
    .addOption(new Option('--limit <n>', 'at most so many').argParser(parseCount).default(20))
    .option(...JSON_FLAG)
    .action(async (name, options) => {
      const { listRuns } = await import('./runs.ts');
      finish(await listRuns(name, options, settingsOf(options)));
    });
  addSettings(runs, ['database']).addHelpText(
    'after',
    examples('gvpie runs', 'gvpie runs mine --limit 5 --json'),
  );
}

function addSocket(program: Command, finish: Finish): void {
  const ping = program
    .command('ping')
    .description('ask the renderers of a socket whether one answers')
    .option(...JSON_FLAG)
    .action(async (options) => {
      const { settings } = settingsFrom(options, ['socketDir', 'timeoutMs']);
      const { ping } = await import('./ping.ts');
      finish(await ping(settings, options));
    });
  addSettings(ping, ['socketDir', 'timeoutMs']).addHelpText(
    'after',
    examples('gvpie ping', 'gvpie ping --json'),
  );

  const status = program
    .command('status')
    .description('print the settings with their origins, who serves, and what the database holds')
    .option(...JSON_FLAG)
    .action(async (options) => {
      const { settings, origins } = settingsFrom(options, ALL_SETTINGS);
      const { status } = await import('./status.ts');
      finish(status(settings, origins, options));
    });
  addSettings(status, ALL_SETTINGS).addHelpText(
    'after',
    `\nIt only looks: it ends with ${EXIT.ok} whether daemons serve or not; gvpie ping ends with ${EXIT.unavailable} where no renderer does.\n${examples('gvpie status', 'GVPIE_DB=other.db gvpie status --json')}`,
  );
}
