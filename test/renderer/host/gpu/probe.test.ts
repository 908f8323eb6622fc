/** The probe against a fifth of the wrong shaders; `test/long` has all of them. */
import { describeProbe } from './probe.ts';

describeProbe(5);
