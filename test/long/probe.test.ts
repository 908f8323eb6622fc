/** The probe against every shader that is wrong in one place, and against every bit of it that is. */
import { describeProbe } from '../renderer/host/gpu/probe.ts';
import { describeProbeBits } from '../renderer/host/probe-bits.ts';

describeProbe(1);
describeProbeBits(1);
