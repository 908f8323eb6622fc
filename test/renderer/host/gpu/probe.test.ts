/** The probe against a third of the wrong shaders; `test/long` has all of them. */
import { describeProbe } from './probe.ts';

describeProbe(3);
