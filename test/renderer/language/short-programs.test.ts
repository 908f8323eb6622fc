import { describe, expect, it } from 'vitest';
import { AuthorFault } from '../../../shared/faults.ts';
import { describeShortPrograms, refusedAs } from './short-programs.ts';

describeShortPrograms(3);

describe('the probe', () => {
  it('objects to what is no refusal, and to one that says too little', () => {
    const fault = (message: string, hint: string) =>
      new AuthorFault([{ code: 'PXL-E003', message, line: 1, hint }]);
    const thrown = (error: Error) => () =>
      refusedAs(() => {
        throw error;
      });
    expect(thrown(new RangeError('no'))).toThrow(RangeError);
    expect(thrown(fault('Oh', 'so'))).toThrow('Oh');
    expect(thrown(fault('Expected a, found b', ''))).toThrow('no hint');
    expect(thrown(fault('Expected a, found b', 'so'))()).toBeInstanceOf(AuthorFault);
  });
});
