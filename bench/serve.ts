/** The program of the bench's child processes: one service, by name, until the parent goes away. */
import { serveOrchestrator } from '../orchestrator/host/serve.ts';
import { serveRenderer } from '../renderer/host/serve.ts';
import { openJournal } from '../shared/host/journal.ts';
import { readSettings } from '../shared/settings.ts';
import { serveGrowing } from './growing.ts';
import { LoopWatch } from './loop-watch.ts';
import { type PaintersPart, servePainters } from './painters.ts';
import { type QueuePart, serveQueue } from './peers/skia-queue.ts';
import { serveSkia } from './peers/skia-service.ts';
import { serveHttp, serveSocket } from './peers/transports.ts';
import { Profiler } from './profiler.ts';
import { serveStoring } from './storing.ts';
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
  skia: async (_: Record<string, never>): Promise<Served> => serveSkia(),
  queue: async (part: QueuePart): Promise<Served> => serveQueue(part),
  painters: async (part: PaintersPart): Promise<Served> => servePainters(part),
  storing: async (_: Record<string, never>): Promise<Served> => serveStoring(),
  growing: async (_: Record<string, never>): Promise<Served> => serveGrowing(),
  turns: async (part: Parameters<typeof serveTurns>[0]): Promise<Served> => serveTurns(part),
};

export type Service = keyof typeof SERVICES;
/** What a service is told. */
export type Part<Name extends Service> = Parameters<(typeof SERVICES)[Name]>[0];

const [name, part] = process.argv.slice(2);
const service = SERVICES[name as Service] as (part: unknown) => Promise<Served>;
const served = await service(JSON.parse(part ?? '{}'));
process.once('disconnect', () => void served.stop().finally(() => process.exit()));
const profiler = new Profiler();
const watch = new LoopWatch();

/** Whatever serves can be looked into, and watched: see Child.profiled. What is said is never undefined, which would not arrive. */
const ABOUT = {
  profile: {
    begin: () => profiler.begin().then(() => 'begun'),
    end: () => profiler.end(),
  },
  watch: {
    async begin() {
      watch.begin();
      return 'begun';
    },
    end: async () => watch.end(),
  },
};
type About = { readonly [What in keyof typeof ABOUT]?: 'begin' | 'end' };

process.on('message', async (question) => {
  const { profile, watch } = question as About;
  if (profile !== undefined) process.send?.(await ABOUT.profile[profile]());
  else if (watch !== undefined) process.send?.(await ABOUT.watch[watch]());
  else process.send?.(await served.answer?.(question));
});
process.send?.(served.ready);
