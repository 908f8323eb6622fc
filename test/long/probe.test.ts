/** The probe against every shader that is wrong in one place. */
import { describeProbe } from '../renderer/host/gpu/probe.ts';

describeProbe(1);
