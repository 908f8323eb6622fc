/** Who draws what when programs come faster than they can be drawn; with hands and time of the test's own. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Drawing } from '../../cli/preview-frame.ts';
import { type Hand, PATIENCE_MS, Studio } from '../../cli/preview-studio.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * A studio whose hands take `ms(program)` for each, and `leaveMs` to be gone; what was begun, shown and dismissed
 * stands in `log`, and who was gone where that takes time.
 */
function studio(ms: (program: string) => number, leaveMs = 0) {
  const log: string[] = [];
  let hands = 0;
  const made = new Studio(
    (done): Hand => {
      const number = ++hands;
      let timer: NodeJS.Timeout | undefined;
      return {
        draw(code) {
          const program = Buffer.from(code).toString();
          log.push(`hand ${number} draws ${program}`);
          const drawing: Drawing = { kind: 'refused', complaints: [{ code: '', message: program }] };
          timer = setTimeout(() => done(drawing), ms(program));
        },
        async dismiss() {
          clearTimeout(timer);
          log.push(`hand ${number} is dismissed`);
          if (leaveMs === 0) return;
          await new Promise((resolve) => setTimeout(resolve, leaveMs));
          log.push(`hand ${number} is gone`);
        },
      };
    },
    (drawing) => log.push(`shows ${drawing.kind === 'refused' ? drawing.complaints[0]?.message : ''}`),
  );
  return { log, draw: (program: string) => made.draw(Buffer.from(program)), made };
}

describe('the studio', () => {
  it('draws one program after the other when there is time', async () => {
    const { log, draw, made } = studio(() => 10);
    expect(made.busy).toBe(false);
    for (const program of ['a', 'b']) {
      draw(program);
      expect(made.busy).toBe(true);
      await vi.advanceTimersByTimeAsync(10);
      expect(made.busy).toBe(false);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log).toEqual(['hand 1 draws a', 'shows a', 'hand 1 draws b', 'shows b']);
  });

  it('of programs that come while one is drawn draws the newest only', async () => {
    const { log, draw } = studio(() => 50);
    for (const program of ['a', 'b', 'c', 'd']) draw(program);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log).toEqual(['hand 1 draws a', 'hand 1 draws d', 'shows a', 'shows d']);
  });

  it.each([
    [PATIENCE_MS - 1, ['hand 1 draws a', 'hand 1 draws b', 'shows a', 'shows b']],
    [PATIENCE_MS + 1, ['hand 1 draws a', 'hand 1 is dismissed', 'hand 2 draws b', 'shows b']],
  ])('has patience with a stale program that takes %i ms, or has not', async (ms, expected) => {
    const { log, draw } = studio((program) => (program === 'a' ? ms : 10));
    draw('a');
    await vi.advanceTimersByTimeAsync(20);
    draw('b');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log).toEqual(expected);
  });

  it('leaves a stale program at once that has had its time', async () => {
    const { log, draw } = studio((program) => (program === 'a' ? 60_000 : 10));
    draw('a');
    await vi.advanceTimersByTimeAsync(5_000);
    draw('b');
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['hand 1 draws a', 'hand 1 is dismissed', 'hand 2 draws b']);
    await vi.advanceTimersByTimeAsync(10);
    expect(log.at(-1)).toBe('shows b');
  });

  it('lets nobody draw before the one that it let go is gone, and then the newest', async () => {
    const { log, draw, made } = studio((program) => (program === 'a' ? 60_000 : 10), 500);
    draw('a');
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    for (const program of ['b', 'c', 'd']) {
      draw(program);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(199);
    expect(log).toEqual(['hand 1 draws a', 'hand 1 is dismissed']);
    expect(made.busy).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(log.slice(2)).toEqual(['hand 1 is gone', 'hand 2 draws d']);
    await vi.advanceTimersByTimeAsync(10);
    expect([log.at(-1), made.busy]).toEqual(['shows d', false]);
  });

  it('starts nothing more when it closes while one that it let go is not gone', async () => {
    const { log, draw, made } = studio(() => 1_000, 500);
    draw('a');
    draw('b');
    await vi.advanceTimersByTimeAsync(PATIENCE_MS + 1);
    made.close();
    await vi.advanceTimersByTimeAsync(5_000);
    const dismissed = ['hand 1 is dismissed', 'hand 2 is dismissed'];
    expect(log).toEqual(['hand 1 draws a', ...dismissed, 'hand 1 is gone', 'hand 2 is gone']);
  });

  it('has all the time in the world for a program that is not stale', async () => {
    const { log, draw } = studio(() => 60_000);
    draw('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log).toEqual(['hand 1 draws a', 'shows a']);
  });

  it('shows something all the while somebody saves faster than it draws', async () => {
    const { log, draw } = studio(() => PATIENCE_MS - 10);
    for (let save = 0; save < 100; save++) {
      draw(`${save}`);
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log.filter((line) => line.includes('dismissed'))).toEqual([]);
    expect(log.filter((line) => line.startsWith('shows')).length).toBeGreaterThan(8);
    expect(log.at(-1)).toBe('shows 99');
  });

  it('dismisses its hand when it closes, and starts nothing more', async () => {
    const { log, draw, made } = studio(() => 1_000);
    draw('a');
    draw('b');
    made.close();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(log).toEqual(['hand 1 draws a', 'hand 1 is dismissed']);
  });
});
