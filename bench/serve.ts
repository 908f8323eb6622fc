/** The program of the bench's child processes: one service, by name, until the parent goes away. */
import { serveOrchestrator } from '../orchestrator/host/serve.ts';
import { serveRenderer } from '../renderer/host/serve.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { openJournal } from '../shared/host/journal.ts';
import { readSettings } from '../shared/settings.ts';
import { PAINTERS, type PainterName } from './painters.ts';
import { serveHttp, serveSocket } from './peers.ts';
import { serveTurns } from './turns.ts';

type Flags = Parameters<typeof readSettings>[0];

interface Served {
  /** Told to the parent when it serves. */
  readonly ready: string;
  /** Answers the parent's questions, where it has any. */
  answer?(question: unknown): unknown;
  stop(): Promise<void>;
}

const SERVICES = {
  async renderer(flags: Flags): Promise<Served> {
    const { settings } = readSettings(flags, {});
    const serving = await serveRenderer(settings, openJournal('renderer', settings.log));
    return { ready: serving.renderer, stop: () => serving.stop() };
  },
  async orchestrator(flags: Flags): Promise<Served> {
    const { settings } = readSettings(flags, {});
    const options = { once: false, backend: settings.backend };
    const serving = await serveOrchestrator(settings, openJournal('orchestrator', settings.log), options);
    return { ready: 'serving', stop: () => serving.stop() };
  },
  http: async (_: Record<string, never>): Promise<Served> => serveHttp(),
  socket: async ({ path }: { path: string }): Promise<Served> => serveSocket(path),
  async painter({ name }: { name: PainterName }): Promise<Served> {
    const paint = PAINTERS[name]();
    const answer = (question: unknown): unknown =>
      question === 'sha256' ? sha256Hex(paint()) : times((question as { calls: number }).calls, paint);
    return { ready: name, answer, stop: async () => {} };
  },
  turns: async (part: Parameters<typeof serveTurns>[0]): Promise<Served> => serveTurns(part),
};

export type Service = keyof typeof SERVICES;
/** What a service is told. */
export type Part<Name extends Service> = Parameters<(typeof SERVICES)[Name]>[0];

/** Milliseconds of each call. */
function times(calls: number, act: () => unknown): number[] {
  return Array.from({ length: calls }, () => {
    const start = performance.now();
    act();
    return performance.now() - start;
  });
}

const [name, part] = process.argv.slice(2);
const service = SERVICES[name as Service] as (part: unknown) => Promise<Served>;
const served = await service(JSON.parse(part ?? '{}'));
process.once('disconnect', () => void served.stop().finally(() => process.exit()));
process.on('message', async (question) => process.send?.(await served.answer?.(question)));
process.send?.(served.ready);
