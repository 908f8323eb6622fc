/** Every way in which a command can fail, as words on standard error and an exit code. */
import { CommanderError } from 'commander';
import { visible } from '../renderer/language/caret.ts';
import { AuthorFault, HostFault, isHeld, PeerFault } from '../shared/faults.ts';
import { SettingFault } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { complain, complainAbout } from './print.ts';
import { Refusal } from './refusal.ts';
import { styleOf } from './style.ts';

/** Says what went wrong and returns the exit code. */
export function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Refusal) return tell(error.exitCode, error.message, error.hint);
  if (error instanceof SettingFault) return tell(EXIT.usage, error.message);
  if (isHeld(error)) return tell(EXIT.unavailable, (error as HostFault).message, (error as HostFault).hint);
  if (error instanceof HostFault) return tell(EXIT.internal, error.message, error.hint);
  if (error instanceof PeerFault) return tell(EXIT.badInput, error.message, error.hint);
  if (error instanceof AuthorFault) {
    complainAbout('program', error.complaints);
    return EXIT.badInput;
  }
  if (isFolderGone(error)) {
    return tell(
      EXIT.badInput,
      'Expected a working folder, found that it was removed',
      'cd to one that is there',
    );
  }
  const fault = error instanceof Error ? error : new Error(String(error));
  tell(EXIT.internal, `internal fault: ${fault.message}`);
  complain(fault.stack ?? '');
  return EXIT.internal;
}

/** Whether the folder that we were called in is gone: Node says so of the first path that is looked for from there. */
function isFolderGone(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
}

function tell(code: ExitCode, message: string, hint?: string): ExitCode {
  const style = styleOf(process.stderr);
  // Names of files are in it, which come out of archives and mails.
  for (const line of message.split('\n')) complain(`${style.red('gvpie:')} ${visible(line)}`);
  if (hint !== undefined) complain(`hint: ${visible(hint)}`);
  return code;
}
