/** The index of files: in their order, no further than asked, and none looked at twice. */
import { describe, expect, it } from 'vitest';
import { FileIndex } from '../../cli/file-index.ts';

describe('an index of files', () => {
  /** Files named after their checksum; `-` has none. */
  const indexed = (...files: string[]) => {
    const looked: string[] = [];
    const index = new FileIndex(files, (file) => {
      looked.push(file);
      return file.startsWith('-') ? undefined : file[0];
    });
    return { looked, of: (checksum: string) => [...index.of(checksum)], index };
  };

  it('has those of a checksum in their order, the same at every question', () => {
    const { of } = indexed('a1', 'b1', '-', 'a2', 'b2', 'a3');
    expect([of('a'), of('b'), of('c'), of('-'), of('a')]).toEqual([
      ['a1', 'a2', 'a3'],
      ['b1', 'b2'],
      [],
      [],
      ['a1', 'a2', 'a3'],
    ]);
    expect(indexed().of('a')).toEqual([]);
  });

  it('looks at each once, and no further than to the last that is taken', () => {
    const { looked, index, of } = indexed('b1', 'a1', 'b2', 'a2');
    const first = (checksum: string): string | undefined => {
      for (const file of index.of(checksum)) return file;
      return undefined;
    };
    expect(looked).toEqual([]);
    expect([first('a'), looked.length]).toEqual(['a1', 2]);
    expect([first('b'), first('a'), looked.length]).toEqual(['b1', 'a1', 2]);
    expect([of('b'), of('a'), of('c')]).toEqual([['b1', 'b2'], ['a1', 'a2'], []]);
    expect(looked).toEqual(['b1', 'a1', 'b2', 'a2']);
  });

  it('throws what a look throws, and again until it no longer does', () => {
    let fault: Error | undefined = new Error('gone');
    const index = new FileIndex(['a1', 'a2'], (file) => {
      if (file === 'a1' && fault !== undefined) throw fault;
      return 'a';
    });
    expect(() => [...index.of('a')]).toThrow('gone');
    expect(() => [...index.of('b')]).toThrow('gone');
    fault = undefined;
    expect([...index.of('a')]).toEqual(['a1', 'a2']);
  });
});
