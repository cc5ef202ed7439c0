/** The standard normal distribution. */

/** Degree-seven rational approximations of Wichura (1988), Algorithm AS 241, PPND16: about sixteen digits. Coefficients of r⁰ to r⁷. */
const CENTRE = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
};
const SHOULDER = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const TAIL = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

type Rational = typeof CENTRE;

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * at + coefficient, 0);
}

function rational({ above, below }: Rational, at: number): number {
  return polynomial(above, at) / polynomial(below, at);
}

/** z with P(Z ≤ z) = `probability`. */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`${probability} is no probability`);
  if (probability === 0) return -Infinity;
  if (probability === 1) return Infinity;
  const fromCentre = probability - 0.5;
  if (Math.abs(fromCentre) <= 0.425) return fromCentre * rational(CENTRE, 0.180625 - fromCentre ** 2);
  const root = Math.sqrt(-Math.log(fromCentre < 0 ? probability : 1 - probability));
  const distance = root <= 5 ? rational(SHOULDER, root - 1.6) : rational(TAIL, root - 5);
  return fromCentre < 0 ? -distance : distance;
}

/** Hart's rational function for the tail up to 7.07, as West (2005) gives it: fourteen digits. Coefficients of z⁰ on. */
const HART = {
  above: [
    220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688,
    0.0352624965998911,
  ],
  below: [
    440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207,
    1.75566716318264, 0.0883883476483184,
  ],
};

/** P(Z ≤ z). */
export function normalBelow(z: number): number {
  const distance = Math.abs(z);
  const density = Math.exp((-distance * distance) / 2);
  // Beyond Hart's range a continued fraction of five steps.
  const tail =
    distance < 7.07106781186547
      ? density * rational(HART, distance)
      : density /
        Math.sqrt(2 * Math.PI) /
        [4, 3, 2, 1].reduce((fraction, step) => distance + step / fraction, distance + 0.65);
  return z > 0 ? 1 - tail : tail;
}
