/** The commands about the queue: what waits and why, what became of it, and what a person may do about it. */
import { Argument, type Command, Option } from 'commander';
import { JOB_ENDS, JOB_STATES } from '../orchestrator/script.ts';
import type { SettingName } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import { addSettings, JSON_FLAG, type Options, parseCount, parseFrameMs, settingsFrom } from './options.ts';

const ids = (): Argument => new Argument('[JOB...]', 'ids, as gvpie queue prints them');
const ofScript = (): Option => new Option('--script <NAME>', 'jobs of a script');
const ofBatch = (): Option => new Option('--batch <NAME>', 'jobs of the scripts of a batch');
const limit = (about: string, most: number): Option =>
  new Option('--limit <n>', about).argParser(parseCount).default(most);

const TOP = ['database', 'socketDir', 'cartridges'] as const;

export function addQueue(program: Command, finish: (code: number) => void): void {
  const add = (usage: string, about: string, settings: readonly SettingName[] = ['database']): Command =>
    addSettings(program.command(usage).description(about), settings).option(...JSON_FLAG);
  const settingsOf = (options: Options) => settingsFrom(options, ['database']).settings;

  add('queue', 'list what is queued and running, in the order in which it will be taken', [
    'database',
    'socketDir',
  ])
    .argument('[NAME]', 'a script')
    .addOption(new Option('--state <state>', 'only these; ended ones come newest first').choices(JOB_STATES))
    .addOption(ofBatch())
    .addOption(limit('at most so many', 50))
    .action(async (name, options) => {
      const { listQueue } = await import('./queue.ts');
      finish(await listQueue(name, options, settingsFrom(options, ['database', 'socketDir']).settings));
    })
    .addHelpText(
      'after',
      examples('gvpie queue', 'gvpie queue mine --limit 5', 'gvpie queue --state dead --json'),
    );

  add('top', 'show who works on the queue, how far, and what comes of it, and keep that up to date', TOP)
    .addOption(
      new Option('--every <ms>', 'how often it looks, from 100 to 60000')
        .argParser(parseFrameMs)
        .default(1_000),
    )
    .option('--once', 'one frame, then the end; so it is without a terminal')
    .action(async (options) => {
      const { top } = await import('./top.ts');
      finish(await top(options, settingsFrom(options, TOP).settings));
    })
    .addHelpText(
      'after',
      `
q and Ctrl-C end it, and space has it stand still until the next one. It only looks: nothing is created or changed.
${examples('gvpie top', 'gvpie top --every 250', 'gvpie top --once', 'gvpie top --json | jq .running')}`,
    );

  add('history', "print a job's whole life: its runs, how each ended and why")
    .argument('<JOB|NAME>', 'the id of a job, or a script, whose newest jobs are meant')
    .addOption(limit('at most so many jobs of a script', 5))
    .action(async (job, options) => {
      const { history } = await import('./history.ts');
      finish(await history(job, options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie history 17', 'gvpie history mine --limit 1 --json'));

  const scope = (): Argument =>
    new Argument('[SCOPE]', 'all (engine), one lang, or script with its NAME').default('engine');
  for (const [verb, paused, about] of [
    ['pause', true, 'take no more jobs of all, of a lang or of a script; what is under way goes on'],
    ['resume', false, 'take them again'],
  ] as const) {
    add(verb, about)
      .addArgument(scope())
      .argument('[NAME]', 'the script')
      .action(async (where, name, options) => {
        const { pause, readScope } = await import('./controls.ts');
        finish(await pause(readScope(where, verb), name, paused, options, settingsOf(options)));
      })
      .addHelpText('after', examples(`gvpie ${verb}`, `gvpie ${verb} pixel`, `gvpie ${verb} script mine`));
  }

  add('limit', 'bound how many jobs of all, of a lang or of a script are under way at once')
    .argument('<SCOPE>', 'all (engine), one lang, or script')
    .argument('[WORDS...]', 'the NAME of a script, and how many: a number, or none for no bound')
    .usage('[options] <SCOPE> <N|none> | script <NAME> <N|none>')
    .action(async (where, words, options) => {
      const { limitJobs, readScope } = await import('./controls.ts');
      finish(await limitJobs(readScope(where, 'limit'), words, options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      examples('gvpie limit pixel 4', 'gvpie limit engine none', 'gvpie limit script mine 2'),
    );

  add('cancel', 'cancel jobs, queued or under way')
    .addArgument(ids())
    .addOption(ofScript())
    .addOption(ofBatch())
    .option('--all', 'all that are queued or under way')
    .option('--yes', 'with --all: really all of them')
    .action(async (jobs, options) => {
      const { cancelJobs } = await import('./cancel.ts');
      finish(await cancelJobs(jobs, options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      `
Prints a line for each job: cancelled; cancelling, where its orchestrator has not answered within some seconds;
done, where it had ended before; unknown. Of several jobs the worst decides the exit code, in this order:
${EXIT.badInput} (unknown), ${EXIT.failed} (done, if it was named by its id), ${EXIT.unavailable} (cancelling), ${EXIT.ok}.
${examples('gvpie cancel 17 18', 'gvpie cancel --script mine', 'gvpie cancel --all --yes')}`,
    );

  add('requeue', 'make ended jobs due again, at the end of the queue')
    .addArgument(ids())
    .option('--dead', 'those that have no attempt left')
    .addOption(new Option('--state <state>', 'those that ended so').choices(JOB_ENDS).conflicts('dead'))
    .addOption(ofScript())
    .addOption(ofBatch())
    .action(async (jobs, options) => {
      const { requeueJobs } = await import('./requeue.ts');
      finish(await requeueJobs(jobs, options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      `
A job of an older revision of its script is refused: the script has another job by now.
${examples('gvpie requeue 17', 'gvpie requeue --dead', 'gvpie requeue --batch wall --state refused')}`,
    );

  add('batch', 'count the jobs of the scripts that share a batch, and say what failed', [
    'database',
    'socketDir',
  ])
    .argument('<NAME>', 'the batch')
    .option('--wait', 'until all have ended; then 0 if all are done, and otherwise 1')
    .action(async (name, options) => {
      const { showBatch } = await import('./batch.ts');
      finish(await showBatch(name, options, settingsFrom(options, ['database', 'socketDir']).settings));
    })
    .addHelpText('after', examples('gvpie batch wall', 'gvpie batch wall --wait --json'));

  add('stats', 'print how fast the queue moves, by lang and in all')
    .action(async (options) => {
      const { stats } = await import('./stats.ts');
      finish(await stats(options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie stats', 'gvpie stats --json | jq .langs'));
}
