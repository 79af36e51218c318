package io.millrace.monitor;

import io.millrace.config.MonitorSpec;
import io.millrace.config.MonitorSpec.Distance;
import io.millrace.config.MonitorSpec.Limits;
import io.millrace.monitor.DriftMessage.Limitation;
import io.millrace.monitor.Watched.Against;
import io.millrace.stats.Chance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges all columns of one date together. A column has changed if its distance, less what chance
 * alone gives, is over a limit, and it is among those that differ by more than chance: its p-value
 * adjusted over all columns that are compared with the same reference is at most the share of false
 * alarms that the spec allows.
 */
public final class DriftJudge {

  /** Rows below which, in the date or its reference, a column isn't judged. */
  public static final int FEWEST_ROWS = 30;

  private final MonitorSpec.Drift spec;

  private DriftJudge(MonitorSpec.Drift spec) {
    this.spec = spec;
  }

  /** A column that can be judged. */
  private record Measured(ColumnBins bins, List<Measure> measures, Measure judged) {}

  /**
   * Judges columns.
   *
   * @param columns all columns of one date, with all that they are compared with
   * @param spec measure and limits
   * @return one verdict for each, in the same order
   */
  public static List<ColumnDrift> judge(List<Watched> columns, MonitorSpec.Drift spec) {
    DriftJudge judge = new DriftJudge(spec);
    List<Optional<Measured>> measured = columns.stream().map(judge::measure).toList();
    double[] qValues = judge.qValues(columns, measured);
    List<ColumnDrift> verdicts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Watched watched = columns.get(i);
      double q = qValues[i];
      verdicts.add(
          measured
              .get(i)
              .map(found -> judge.drift(watched, found, q))
              .orElseGet(() -> judge.unmeasured(watched)));
    }
    return verdicts;
  }

  private Optional<Measured> measure(Watched watched) {
    if (!watched.isComparable() || hasFewRows(watched)) {
      return Optional.empty();
    }
    ColumnBins bins = ColumnBins.of(watched);
    List<Measure> measures = Measures.of(watched, bins);
    Measure judged =
        find(spec.metric(), measures).or(() -> find(Distance.PSI, measures)).orElseThrow();
    return Optional.of(new Measured(bins, measures, judged));
  }

  private static Optional<Measure> find(Distance metric, List<Measure> measures) {
    return measures.stream().filter(measure -> measure.metric() == metric).findFirst();
  }

  private static boolean hasFewRows(Watched watched) {
    return Math.min(watched.reference().rows(), watched.current().rows()) < FEWEST_ROWS;
  }

  /** Adjusted over the columns with the same reference; NaN where nothing is measured. */
  private double[] qValues(List<Watched> columns, List<Optional<Measured>> measured) {
    double[] qValues = new double[columns.size()];
    Map<Against, List<Integer>> families = new EnumMap<>(Against.class);
    for (int i = 0; i < qValues.length; i++) {
      qValues[i] = Double.NaN;
      if (measured.get(i).isPresent()) {
        families.computeIfAbsent(columns.get(i).against(), any -> new ArrayList<>()).add(i);
      }
    }
    for (List<Integer> family : families.values()) {
      double[] adjusted =
          Chance.falseDiscoveryRates(
              family.stream().mapToDouble(i -> pValue(measured.get(i))).toArray());
      for (int j = 0; j < adjusted.length; j++) {
        qValues[family.get(j)] = adjusted[j];
      }
    }
    return qValues;
  }

  private static double pValue(Optional<Measured> measured) {
    return measured.orElseThrow().judged().pValue();
  }

  private ColumnDrift drift(Watched watched, Measured found, double qValue) {
    Limits limits = limits(watched.column());
    double beyond = found.judged().beyondChance();
    boolean explained = qValue > spec.falseAlarms();
    Limitation limitation =
        beyond <= limits.warn()
            ? Limitation.SMALL
            : explained ? Limitation.EXPLAINED : Limitation.NONE;
    Verdict verdict = Verdict.OK;
    if (limitation == Limitation.NONE) {
      verdict = beyond > limits.stop() ? Verdict.STOP : Verdict.WARN;
    } else if (found.bins().basis() == ColumnBins.Basis.HASHES_OF_TOO_MANY) {
      verdict = Verdict.CAPPED;
    }
    return new ColumnDrift(
        watched,
        verdict,
        found.judged().metric(),
        found.measures(),
        OptionalDouble.of(qValue),
        limits,
        found.bins().bins(),
        found.bins().added(),
        found.bins().vanished(),
        DriftMessage.of(watched, found.bins(), found.judged(), limitation));
  }

  private ColumnDrift unmeasured(Watched watched) {
    boolean comparable = watched.isComparable();
    return new ColumnDrift(
        watched,
        comparable ? Verdict.FEW_ROWS : Verdict.STOP,
        spec.metric(),
        List.of(),
        OptionalDouble.empty(),
        limits(watched.column()),
        List.of(),
        List.of(),
        List.of(),
        comparable ? DriftMessage.ofFewRows(watched) : DriftMessage.ofOtherType(watched));
  }

  private Limits limits(String column) {
    Limits general = new Limits(spec.warn(), spec.stop());
    return spec.columns().getOrDefault(column, general);
  }
}
