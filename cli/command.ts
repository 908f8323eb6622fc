/** The program behind `gvpie`: runs what the command line says and ends with a true exit code. */
import { errorCode, HostFault } from '../shared/faults.ts';
import { EXIT } from './exit-codes.ts';
import { explain } from './explain.ts';
import { buildProgram } from './program.ts';
import { upToUnknown } from './usage.ts';
import { writeWhole } from './whole-writes.ts';

/** Ends the process. */
export async function runCommand(): Promise<never> {
  // Node would end with 1, which here means that a script failed.
  process.on('uncaughtException', (error) => process.exit(explain(error)));

  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      // A reader that has seen enough (`gvpie runs | head -1`) is no fault: the rest goes nowhere.
      if (errorCode(error) === 'EPIPE') return;
      throw new HostFault('write', 'the output', `Could not write the output: ${error.message}`, {
        retryable: true,
      });
    });
  }

  writeWhole(process.stdout, 1);

  let code: number = EXIT.ok;
  try {
    const program = buildProgram((result) => {
      code = result;
    });
    await program.parseAsync(upToUnknown(program, process.argv.slice(2)), { from: 'user' });
  } catch (error) {
    code = explain(error);
  }
  // Whatever a daemon that could not be drained still holds open must not keep the process.
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  process.exit(code);
}
