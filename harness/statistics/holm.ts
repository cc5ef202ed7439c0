/** Many questions at once. */

/**
 * Which of the hypotheses are rejected so that the chance of rejecting any true one is at most `alpha`, whatever their dependence (Holm 1979):
 * the smallest p is held to alpha ÷ m, the next to alpha ÷ (m − 1), and so on until one is not rejected. `hypotheses` is m where more are
 * asked than there are p: of those that are not in the list the p counts as 1.
 */
export function holm(ps: readonly number[], alpha: number, hypotheses = ps.length): readonly boolean[] {
  const order = ps.map((p, place) => ({ p, place })).sort((one, other) => one.p - other.p);
  const stop = order.findIndex(({ p }, rank) => !(p <= alpha / (hypotheses - rank)));
  const rejected = new Set((stop === -1 ? order : order.slice(0, stop)).map(({ place }) => place));
  return ps.map((_, place) => rejected.has(place));
}
