/** `gvpie ping`: asks the renderers of a socket whether one answers, and how fast. */
import { resolve } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { ringOn } from '../shared/host/bell.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { SpoolClient } from '../shared/host/spool-client.ts';
import type { Settings } from '../shared/settings.ts';
import { describePainting } from './banner.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { howToStart } from './how-to-start.ts';
import { presenceAt } from './presence-at.ts';
import { say, sayJson } from './print.ts';
import { Refusal, unavailable } from './refusal.ts';

export async function ping(settings: Settings, options: { readonly json?: boolean }): Promise<ExitCode> {
  const socket = resolve(settings.socketDir);
  const presence = presenceAt(settings);
  const alive = presence.alive();
  if (alive.length === 0) {
    throw unavailable(`no renderer is serving ${socket}: start one with ${howToStart('renderer')}`);
  }
  const client = new SpoolClient(diskFiles, socket);
  const id = uuidv7();
  const started = systemClock.monotonic();
  // The bell looks once before it listens, so an answer to this offer cannot be missed.
  client.offer(id, JSON.stringify({ op: 'ping', id }));
  const answer = await hear(client, id, settings.timeoutMs);
  const ms = systemClock.monotonic() - started;
  if (answer === undefined) {
    client.withdraw(id);
    const who = alive.map(({ pid }) => `pid ${pid}`).join(', ');
    const [whose, not] = alive.length === 1 ? ['the renderer', 'has not'] : ['no renderer', 'has'];
    throw unavailable(`${whose} of ${socket} (${who}) ${not} answered for ${settings.timeoutMs} ms`);
  }
  client.forget(id);
  if ('unbelievable' in answer) throw new Refusal(EXIT.internal, answer.unbelievable);
  const { reply } = answer;
  if (reply.status !== 'pong')
    throw new Refusal(EXIT.internal, `Expected a pong, found ${JSON.stringify(reply)}`);
  const { backend, adapter, reason = null, health = 'ok', version, renderer } = reply;
  // Whoever answered may have begun to serve since.
  const pid = [...alive, ...presence.alive()].find((one) => one.renderer === renderer)?.pid;
  if (options.json) {
    const who = { renderer: renderer ?? null, pid: pid ?? null };
    sayJson({ id, socket, ...who, backend, adapter, reason, health, version, ms });
  } else {
    const who = pid === undefined ? '' : `, pid ${pid}`;
    const painting = describePainting(reply);
    say(`pong from ${socket} in ${ms.toFixed(1)} ms: gvpie ${version}${who}, paints on ${painting}`);
  }
  return EXIT.ok;
}

/** The answer, or undefined when none came in time. */
function hear(
  client: SpoolClient,
  id: string,
  timeoutMs: number,
): Promise<ReturnType<SpoolClient['collect']>> {
  return new Promise((settle, fail) => {
    let done = false;
    const finish = (act: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      // The bell may ring while it is being hung, before there is anything to close.
      setImmediate(() => close());
      act();
    };
    const timer = setTimeout(() => finish(() => settle(undefined)), timeoutMs);
    const close = ringOn(client.outbox, () => {
      try {
        const answer = client.collect(id);
        if (answer !== undefined) finish(() => settle(answer));
      } catch (error) {
        finish(() => fail(error));
      }
    });
  });
}
