package io.millrace.stats;

import java.util.Random;

/** Numbers for tests. */
final class Numbers {

  private Numbers() {}

  /** Of any kind: small whole numbers, any bits, zeros, infinities, NaN. */
  static double any(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(20) - 10;
      case 1 -> Double.longBitsToDouble(random.nextLong());
      case 2 -> random.nextGaussian();
      case 3 -> Math.exp(20 * random.nextGaussian());
      case 4 -> -random.nextInt(2) * 0.0;
      default ->
          switch (random.nextInt(4)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> Double.MIN_VALUE * random.nextInt(100);
          };
    };
  }

  /** Finite numbers of one of several shapes, by the seed. */
  static double[] sample(int seed, int size) {
    Random random = new Random(seed);
    double[] sample = new double[size];
    for (int i = 0; i < size; i++) {
      double normal = random.nextGaussian();
      sample[i] =
          switch (seed % 6) {
            case 0 -> normal;
            case 1 -> Math.exp(2 * normal);
            case 2 -> Math.rint(3 * normal);
            case 3 -> random.nextInt(10) < 9 ? 999 : random.nextInt(20);
            case 4 -> 1000 + normal;
            default -> Math.max(0, normal) * Math.pow(10, random.nextInt(6) - 3);
          };
    }
    return sample;
  }
}
