package io.millrace.monitor;

import io.millrace.config.MonitorSpec.Distance;
import io.millrace.stats.Chance;
import io.millrace.stats.Distances;
import io.millrace.validate.NumberMeasures;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** All measures that a column has. */
final class Measures {

  private static final double RARE = 0.01;

  private final Watched watched;
  private final long n;
  private final long m;

  private Measures(Watched watched) {
    this.watched = watched;
    this.n = watched.reference().rows();
    this.m = watched.current().rows();
  }

  /**
   * The measures of a column that is comparable and has rows: psi and jensen-shannon of its bins,
   * and of numbers kolmogorov-smirnov, and wasserstein if the reference's numbers differ.
   */
  static List<Measure> of(Watched watched, ColumnBins bins) {
    Measures measures = new Measures(watched);
    List<Measure> found = new ArrayList<>(measures.ofBins(bins));
    if (watched.sort() == Watched.Sort.NUMBERS) {
      NumberMeasures reference = (NumberMeasures) watched.reference();
      NumberLine line = NumberLine.of(reference, (NumberMeasures) watched.current());
      if (line.hasBoth()) {
        found.addAll(measures.ofNumbers(line, reference.stddev().orElse(0)));
      }
    }
    return found;
  }

  private List<Measure> ofBins(ColumnBins bins) {
    long[] reference = bins.judgedReference();
    long[] current = bins.judgedCurrent();
    int occupied = Distances.occupiedBins(reference, current);
    double psi = Distances.psi(reference, current);
    double psiByChance = Chance.expectedPsi(n, m, occupied);
    // of both: psi is the one whose distribution by chance holds in bins of few rows as well
    double p = Chance.psiPValue(psi, n, m, occupied);
    double divergence = Distances.jensenShannonDivergence(reference, current);
    double divergenceByChance = Chance.expectedJensenShannon(n, m, occupied);
    return List.of(
        new Measure(
            Distance.PSI,
            psi,
            psiByChance,
            OptionalDouble.of(Chance.psiExceeded(RARE, n, m, occupied)),
            Math.max(0, psi - psiByChance),
            p),
        new Measure(
            Distance.JENSEN_SHANNON,
            Math.sqrt(divergence),
            Math.sqrt(divergenceByChance),
            OptionalDouble.of(Math.sqrt(Chance.jensenShannonExceeded(RARE, n, m, occupied))),
            Math.sqrt(Math.max(0, divergence - divergenceByChance)),
            p));
  }

  private List<Measure> ofNumbers(NumberLine line, double stddev) {
    double statistic = line.kolmogorovSmirnov(watched);
    double byChance = NumberLine.kolmogorovSmirnovByChance(n, m);
    double p = Math.min(1, Math.max(0, Chance.kolmogorovSmirnovPValue(statistic, n, m)));
    Measure kolmogorovSmirnov =
        new Measure(
            Distance.KOLMOGOROV_SMIRNOV,
            statistic,
            byChance,
            OptionalDouble.of(NumberLine.kolmogorovSmirnovExceeded(RARE, n, m)),
            Math.max(0, statistic - byChance),
            p);
    return stddev > 0
        ? List.of(kolmogorovSmirnov, wasserstein(line, stddev, p))
        : List.of(kolmogorovSmirnov);
  }

  /** Its distribution by chance isn't known: whether there is a difference, the other test says. */
  private static Measure wasserstein(NumberLine line, double stddev, double p) {
    double value = line.wasserstein() / stddev;
    double byChance = line.wassersteinByChance() / stddev;
    double beyond = Math.max(0, value - byChance);
    return new Measure(Distance.WASSERSTEIN, value, byChance, OptionalDouble.empty(), beyond, p);
  }
}
