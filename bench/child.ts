/** Child processes: every server of the bench runs in one of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Share } from './profile.ts';
import type { Part, Service } from './serve.ts';

export interface Child {
  readonly pid: number;
  /** What the service said when it was ready. */
  readonly ready: string;
  /** One question at a time, to a service that answers. */
  ask(question: unknown): Promise<unknown>;
  /** What the child spends its time on until `act` is done. */
  profiled(act: () => Promise<unknown>): Promise<Share[]>;
  stop(): Promise<void>;
}

/**
 * Starts `bench/serve.ts` with a service and resolves when it serves.
 *
 * @param env what the child's environment has beyond this process's
 */
export async function startChild<Name extends Service>(
  name: Name,
  part: Part<Name>,
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const script = fileURLToPath(new URL('./serve.js', import.meta.url));
  const child: ChildProcess = fork(script, [name, JSON.stringify(part)], {
    // Logs are written as always, to where nobody reads them.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code, signal]) => {
    throw new Error(`Expected the ${name} child to serve, found it ended with ${code ?? signal}`);
  });
  ended.catch(() => {});
  const said = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), ended]))[0];
  const ready = String(await said());
  const ask = async (question: unknown): Promise<unknown> => {
    const answer = said();
    child.send(question as object);
    return answer;
  };
  return {
    pid: child.pid ?? 0,
    ready,
    ask,
    async profiled(act) {
      await ask({ profile: 'begin' });
      await act();
      return (await ask({ profile: 'end' })) as Share[];
    },
    async stop() {
      // The channel is what keeps a service going: see serve.ts.
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
