/** Calls through the spool: offers a command, waits at the outbox with the kernel's own events. */
import { watch } from 'node:fs';
import { diskFiles } from '../../shared/host/files.ts';
import { SpoolClient } from '../../shared/host/spool-client.ts';
import type { Caller } from './caller.ts';

export function callThroughSpool(name: string, socketDir: string): Caller {
  const spool = new SpoolClient(diskFiles, socketDir);
  let awaited = '';
  let arrived: () => void = () => {};
  const watcher = watch(spool.outbox, (_event, file) => {
    if (file === awaited) arrived();
  });
  return {
    name,
    async call(id, command) {
      const reply = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      awaited = `${id}.json`;
      spool.offer(id, command);
      await reply;
      const answer = spool.collect(id);
      spool.forget(id);
      if (answer === undefined || 'unbelievable' in answer || answer.pixels === undefined) {
        throw new Error(`Expected pixels, found ${JSON.stringify(answer)}`);
      }
      return answer.pixels;
    },
    close: () => watcher.close(),
  };
}
