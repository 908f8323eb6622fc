import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeFor, showsProbe } from '../../orchestrator/probe.ts';
import { SlotLine } from '../../orchestrator/slot-line.ts';
import { HostFault } from '../../shared/faults.ts';
import { encodeRenderCommand } from '../../shared/protocol/command.ts';
import { FakeSeedRenderer, FakeSlot, paintSeed } from '../support/fake-slot.ts';

const SEED = 20_261_120;
const PATIENCE = { probeMs: 2_000, answerMs: 10_000 };

function counter(): () => string {
  let n = 0;
  return () => `id-${n++}`;
}

describe('a probe', () => {
  const probe = probeFor('a');

  it('is a question with a name, and its picture is that name', () => {
    const { id, op, width, height } = JSON.parse(probe.command);
    expect({ id, op, width, height }).toEqual({ id: probe.id, op: 'render_program', width: 128, height: 1 });
    expect(id).toMatch(/^gvpie-probe-[0-9a-f]{32}$/);
    expect(probe.bytes).toBe(512);
    expect(showsProbe(probe, paintSeed(probe.command))).toBe(true);
    expect(probeFor('a')).toEqual(probe);
  });

  it('takes any two colours, for a renderer may have its own', () => {
    const inverse = paintSeed(probe.command).map((byte) => 255 - byte);
    expect(showsProbe(probe, inverse)).toBe(true);
  });

  it('knows the picture of every other probe, and every flipped pixel of its own', () => {
    for (let n = 0; n < 200; n++) {
      expect(showsProbe(probe, paintSeed(probeFor(`b${n}`).command))).toBe(false);
    }
    for (let byte = 0; byte < probe.bytes; byte++) {
      const flipped = paintSeed(probe.command);
      flipped[byte] = (flipped[byte] ?? 0) ^ 1;
      expect(showsProbe(probe, flipped), `byte ${byte}`).toBe(false);
    }
  });

  it('is not shown by blank pixels, nor by pixels of another length', () => {
    expect(showsProbe(probe, new Uint8Array(512))).toBe(false);
    expect(showsProbe(probe, new Uint8Array(512).fill(255))).toBe(false);
    expect(showsProbe(probe, paintSeed(probe.command).subarray(4))).toBe(false);
    expect(showsProbe(probe, new Uint8Array(0))).toBe(false);
  });
});

describe('the line through the slot', () => {
  function line(slot = new FakeSlot()) {
    return { slot, line: new SlotLine(slot, PATIENCE, counter()) };
  }
  const answerIt = (slot: FakeSlot): void => {
    slot.pixels = { bytes: paintSeed(slot.command ?? '') };
  };

  it('asks first whether anybody is there, and is clear once that is answered', () => {
    const { slot, line: asking } = line();
    expect(asking.isClear).toBe(false);
    asking.advance(0, false);
    expect(JSON.parse(slot.command ?? '{}').id).toMatch(/^gvpie-probe-/);
    asking.advance(50, false);
    expect(asking.isClear).toBe(false);
    answerIt(slot);
    asking.advance(100, false);
    expect(asking.isClear).toBe(true);
    expect([slot.command, slot.pixels]).toEqual([undefined, undefined]);
  });

  it('asks nothing when a renderer announces itself', () => {
    const { slot, line: asking } = line();
    asking.advance(0, true);
    expect([asking.isClear, slot.puts]).toEqual([true, 0]);
  });

  it('takes pixels that lay there before for no answer', () => {
    const { slot, line: asking } = line();
    slot.pixels = { bytes: paintSeed(probeFor('an older one').command) };
    asking.advance(0, false);
    slot.pixels = { bytes: paintSeed(probeFor('an older one').command) };
    asking.advance(50, false);
    expect(asking.isClear).toBe(false);
  });

  it('puts its probe again for a renderer that came later, and then a last one, put once', () => {
    const { slot, line: asking } = line();
    asking.advance(0, false);
    asking.advance(1_999, false);
    expect(slot.puts).toBe(1);
    const first = slot.command;
    asking.advance(2_000, false);
    expect([slot.puts, slot.command]).toEqual([2, first]);
    expect(asking.isInhabited).toBe(false);
    answerIt(slot);
    asking.advance(2_050, false);
    // An answer to one of two copies: the other's may still come.
    expect([asking.isClear, asking.isInhabited, slot.puts]).toEqual([false, true, 3]);
    expect(slot.command).not.toBe(first);
    slot.pixels = { bytes: paintSeed(first ?? '') };
    asking.advance(2_100, false);
    expect(asking.isClear).toBe(false);
    answerIt(slot);
    asking.advance(2_150, false);
    expect(asking.isClear).toBe(true);
  });

  it('waits for the last probe as long as for any answer, and then begins anew', () => {
    const { slot, line: asking } = line();
    asking.advance(0, false);
    asking.advance(2_000, false);
    answerIt(slot);
    asking.advance(2_050, false);
    asking.advance(12_049, false);
    expect([slot.puts, asking.isInhabited]).toEqual([3, true]);
    asking.advance(12_050, false);
    expect([slot.puts, asking.isInhabited]).toEqual([4, false]);
  });

  it('is unsure after a time-out, and takes the question back', () => {
    const { slot, line: asking } = line();
    asking.advance(0, true);
    asking.put('{"question":1}');
    expect(asking.isBusy).toBe(true);
    asking.timedOut();
    expect([asking.isClear, asking.isBusy, slot.command]).toEqual([false, false, undefined]);
    asking.advance(10, false);
    expect(slot.command).toContain('gvpie-probe-');
  });

  it('leaves the slot as if nobody had been there', () => {
    for (const begin of [
      (asking: SlotLine) => asking.advance(0, false),
      (asking: SlotLine) => {
        asking.advance(0, true);
        asking.put('{}');
      },
    ]) {
      const { slot, line: asking } = line();
      begin(asking);
      expect(slot.command).toBeDefined();
      asking.leave();
      expect([slot.command, asking.isClear, asking.isBusy]).toEqual([undefined, false, false]);
    }
  });

  it('takes a socket that is not there for nobody, and any other fault for a fault', () => {
    const { slot, line: asking } = line();
    const fault = (code: string) =>
      new HostFault('write', '/s/cmd.json', code, {
        retryable: true,
        cause: Object.assign(new Error(code), { code }),
      });
    slot.fault = fault('ENOENT');
    asking.advance(0, false);
    slot.fault = fault('ENOSPC');
    asking.advance(1_999, false);
    expect(() => asking.advance(2_000, false)).toThrow('ENOSPC');
    asking.advance(3_999, false);
    slot.fault = undefined;
    asking.advance(4_000, false);
    expect(slot.puts).toBe(1);
    answerIt(slot);
    asking.advance(4_050, false);
    expect(asking.isClear).toBe(true);
  });
});

/** An orchestrator's life at a slot: asks one question after another and looks at what it gets. */
interface Life {
  readonly loopMs: number;
  /** How long the renderer takes for its first pictures; 5 ms for each one after. */
  readonly tookMs: readonly number[];
  /** When the orchestrator is killed and started again, ms. */
  readonly restartsMs: readonly number[];
  /** Sides of the questions' canvases, so that many are alike, and like a probe's. */
  readonly widths: readonly number[];
}

interface Outcome {
  readonly right: number;
  readonly wrong: number;
}

const ANSWER_MS = 1_000;

function live({ loopMs, tookMs, restartsMs, widths }: Life, begin: (slot: FakeSlot) => SlotLine): Outcome {
  const slot = new FakeSlot();
  const renderer = new FakeSeedRenderer(slot, loopMs, (n) => tookMs[n] ?? 5);
  let line = begin(slot);
  let asked: { command: string; sinceMs: number } | undefined;
  let questions = 0;
  const outcome = { right: 0, wrong: 0 };
  const restarts = [...restartsMs];
  for (let now = 0; now < 60_000 && outcome.right + outcome.wrong < 12; now += 5) {
    renderer.tick(now);
    if (restarts[0] !== undefined && now >= restarts[0]) {
      restarts.shift();
      line = begin(slot);
      asked = undefined;
    }
    line.advance(now, false);
    if (asked !== undefined) {
      const expected = paintSeed(asked.command);
      const found = slot.collect('', expected.length);
      if (found !== undefined) {
        outcome[Buffer.compare(found, expected) === 0 ? 'right' : 'wrong']++;
        line.answered();
        asked = undefined;
      } else if (now - asked.sinceMs >= ANSWER_MS) {
        line.timedOut();
        asked = undefined;
      }
    } else if (line.isClear) {
      const n = questions++;
      // Every question another picture: its number in unary, in the first row.
      const code = `RECT 0 0 ${n + 1} 1\nHALT`;
      const canvas = { width: widths[n % widths.length] ?? 128, height: 1 };
      const command = encodeRenderCommand({ id: `q${n}`, code, canvas });
      line.put(command);
      asked = { command, sinceMs: now };
    }
  }
  return outcome;
}

/** Believes that silence clears the line: what must be caught. */
class CarelessLine extends SlotLine {
  override timedOut(): void {
    super.timedOut();
    this.advance(0, true);
  }
}

const anyLife: fc.Arbitrary<Life> = fc.record({
  loopMs: fc.constantFrom(10, 100, 250),
  tookMs: fc.array(fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 3_000 })), {
    maxLength: 10,
  }),
  restartsMs: fc
    .array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 3 })
    .map((at) => at.sort((a, b) => a - b)),
  widths: fc.array(fc.constantFrom(128, 128, 64, 32), { minLength: 1, maxLength: 3 }),
});

describe('a slow renderer built from the seed', () => {
  const careful = () => {
    const newId = counter();
    return (slot: FakeSlot) => new SlotLine(slot, { probeMs: 300, answerMs: ANSWER_MS }, newId);
  };

  it('never has a late answer taken for another question’s, and is heard in the end', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const { right, wrong } = live(life, careful());
        expect(wrong).toBe(0);
        expect(right).toBe(12);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('would have been misheard by a line that believes that silence clears it', () => {
    const newId = counter();
    const life = { loopMs: 100, tookMs: [0, 1_500], restartsMs: [], widths: [128] };
    const careless = live(life, (slot) => new CarelessLine(slot, PATIENCE, newId));
    expect(careless.wrong).toBeGreaterThan(0);
    expect(live(life, careful()).wrong).toBe(0);
  });
});
