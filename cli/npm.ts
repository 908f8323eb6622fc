/** What npm does to a command line: it changes the folder, and keeps flags that do not follow `--` for itself. */
import { resolve } from 'node:path';
import type { Command } from 'commander';

type Environment = Readonly<Record<string, string | undefined>>;

/** The scripts of package.json that hand their arguments to gvpie. */
const SCRIPTS: readonly (string | undefined)[] = ['start', 'renderer', 'orchestrator', 'gvpie', 'bundle'];

/** The absolute path of a file that a person typed, from the folder in which they typed it. */
export function typedPath(path: string, environment: Environment = process.env): string {
  // npm changes to gvpie's own folder and notes where it was called.
  const isTyped = ['gvpie', 'bundle'].includes(environment.npm_lifecycle_event ?? '');
  const folder = isTyped ? environment.INIT_CWD : undefined;
  return resolve(folder ?? '', path);
}

/**
 * A flag of `command` that npm kept for itself, in words and with the way out; undefined when there is none.
 * npm hands such flags on as `npm_config_<name>`, alike with a value or without.
 */
export function flagTakenByNpm(command: Command, environment: Environment = process.env): string | undefined {
  const script = environment.npm_lifecycle_event;
  if (!SCRIPTS.includes(script)) return undefined;
  const taken = command.options.find(
    (option) =>
      environment[`npm_config_${option.name().replaceAll('-', '_')}`] !== undefined &&
      command.getOptionValueSource(option.attributeName()) !== 'cli',
  );
  if (taken === undefined) return undefined;
  const run = script === 'start' ? 'npm start' : `npm run ${script}`;
  const rest = script === 'gvpie' ? `${commandPath(command).replace('gvpie ', '')} … ` : '';
  return `npm took ${taken.long} for itself: ${run} -- ${rest}${taken.long}`;
}

/** A command as it is typed: `gvpie script add`. */
export function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}
