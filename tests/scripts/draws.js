// Random numbers that are the same on every machine and in every run.

// Park and Miller's generator, as corrected in 1993: next = 48271 * last mod (2^31 - 1).
const MULTIPLIER = 48271;
const MODULUS = 2 ** 31 - 1;

/** `count` generators of numbers from 0 to 1, each with a seed of its own. */
export function* draw(count) {
  for (let seed = 1; seed <= count; seed += 1) {
    let last = seed * 7919;
    yield () => {
      last = (last * MULTIPLIER) % MODULUS;
      return last / MODULUS;
    };
  }
}
