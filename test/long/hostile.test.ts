/** The hostile programs that are too dear for every day. */
import { describeHostile } from '../renderer/hostile/suite.ts';

describeHostile(true);
