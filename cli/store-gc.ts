/** `gvpie store gc`: objects that nobody names any more, and halves of cartridges: counted, or with `--sweep` removed. */
import { blows, type Tally } from '../orchestrator/fuse.ts';
import { sweepStore } from '../orchestrator/host/store-sweep.ts';
import { systemClock } from '../shared/host/clock.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import { byteWords } from './byte-words.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { count, say, sayJson } from './print.ts';
import { alone, breathe, withStore } from './store-open.ts';
import { styleOf } from './style.ts';

interface GcOptions {
  readonly sweep?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export async function sweep(options: GcOptions, settings: Settings): Promise<ExitCode> {
  const order = {
    isMeant: options.sweep === true,
    isForced: options.yes === true,
    nowMs: systemClock.now(),
  };
  const { status, objects, leftovers, gone } = await alone(settings, () =>
    withStore(settings, (walk) => sweepStore(walk, order, breathe)),
  );
  if (options.json) {
    sayJson({
      status,
      objects: { ...tallyOf(objects), gone: gone.objects },
      leftovers: { go: leftovers.go, go_bytes: leftovers.goBytes, gone: gone.leftovers },
      fuse_percent: LIMITS.sweptPercent,
    });
  } else {
    const total = `${objects.go} of ${count(objects.of, 'object')} (${byteWords(objects.goBytes)}) and ${count(leftovers.go, 'leftover')}`;
    if (status === 'swept')
      say(
        `removed ${gone.objects} of ${count(objects.of, 'object')} and ${count(gone.leftovers, 'leftover')}`,
      );
    else if (status === 'fuse') {
      say(
        styleOf(process.stdout).yellow(
          `Expected at most ${LIMITS.sweptPercent} % to go, found ${total}; nothing was removed`,
        ),
      );
      say(
        'gvpie store gc --sweep --yes removes it; gvpie store rebuild first finds what the registry has lost',
      );
    } else if (objects.go + leftovers.go === 0) say(`nothing would go of ${count(objects.of, 'object')}`);
    else say(`${total} would go; gvpie store gc --sweep${blows(objects) ? ' --yes' : ''} removes it`);
  }
  return status === 'fuse' ? EXIT.failed : EXIT.ok;
}

function tallyOf({ of, ofBytes, go, goBytes }: Tally): object {
  return { of, of_bytes: ofBytes, go, go_bytes: goBytes };
}
