/** The machine against the oracle, in ten times as many random programs as in the short tests. */
import { describeRandomPrograms } from '../renderer/machine/oracle-verdicts.ts';

describeRandomPrograms(15_000);
