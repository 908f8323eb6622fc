/** A list that asks more of a device than it can take, even in bands and with the largest tiles, or more than a picture may. */
export class PlanTooLarge extends RangeError {
  override readonly name = 'PlanTooLarge';
}
