/** The board: each tile is one hand's, and what a lost hand had is painted again. */
import { describe, expect, it } from 'vitest';
import { Board, FIRST_HAND } from '../../../renderer/raster/board.ts';

const [OWN, OTHER, THIRD] = [FIRST_HAND, FIRST_HAND + 1, FIRST_HAND + 2];
const nobody = (): boolean => false;
const all = (): boolean => true;

describe('a board', () => {
  it('gives every tile once, whoever takes it, in whichever thread', () => {
    const board = Board.of(5);
    const other = new Board(board.words);
    expect([board.take(OWN), other.take(OTHER), board.take(OWN)]).toEqual([0, 1, 2]);
    expect([other.take(OTHER), other.take(OTHER), other.take(OTHER), board.take(OWN)]).toEqual([
      3,
      4,
      undefined,
      undefined,
    ]);
    expect(Board.of(0).take(OWN)).toBeUndefined();
  });

  it('is done when all tiles are', () => {
    const board = Board.of(2);
    const [first, second] = [board.take(OWN), board.take(OTHER)] as [number, number];
    board.finish(first);
    expect(board.takeOver(OWN, all)).toBe('waiting');
    board.finish(second);
    expect(board.takeOver(OWN, all)).toBeUndefined();
    expect(board.takeOver(OWN, nobody)).toBeUndefined();
  });

  it('counts those that are done, not those that are taken', () => {
    const board = Board.of(3);
    const counts = [board.done];
    const tiles = [board.take(OWN), board.take(OTHER), board.take(OWN)] as [number, number, number];
    counts.push(board.done);
    for (const tile of tiles) {
      new Board(board.words).finish(tile);
      counts.push(board.done);
    }
    expect(counts).toEqual([0, 0, 1, 2, 3]);
    expect(Board.of(0).done).toBe(0);
  });

  it('gives what a lost hand has to another, once, and leaves what others have to them', () => {
    const board = Board.of(3);
    for (const hand of [OWN, OTHER, THIRD]) board.take(hand);
    board.finish(0);
    const isThere = (hand: number): boolean => hand !== OTHER;
    expect(board.takeOver(OWN, isThere)).toBe(1);
    expect(board.takeOver(THIRD, isThere)).toBe('waiting');
    board.finish(1);
    expect(board.takeOver(OWN, isThere)).toBe('waiting');
    board.finish(2);
    expect(board.takeOver(OWN, isThere)).toBeUndefined();
  });

  it('gives what was offered and never claimed, as by a hand that was lost in between', () => {
    const board = Board.of(2);
    Atomics.add(board.words, 0, 1);
    expect(board.take(OWN)).toBe(1);
    board.finish(1);
    expect(board.takeOver(OWN, all)).toBe(0);
    // It was not lost, only slow: it finds its tile taken, and no other.
    expect(Atomics.compareExchange(board.words, 1, 0, OTHER)).toBe(OWN);
  });

  it('gives nothing more when it is closed', () => {
    const board = Board.of(3);
    expect(board.take(OWN)).toBe(0);
    board.close();
    expect(board.take(OTHER)).toBeUndefined();
  });
});
