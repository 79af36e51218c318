package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MonitorSpec.Distance;
import io.millrace.validate.ColumnMeasures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Dates of 50 columns that don't change, of many shapes. Limits are next to nothing, so that only
 * the judgement of chance keeps alarms back: of all dates, 1% may have one.
 */
class FalseAlarmsTest {

  /** Few, to take seconds; 200 give the figures of docs/monitoring.md. */
  private static final int RUNS = Integer.getInteger("millrace.simulations", 5);

  private static final int COLUMNS = 50;
  private static final int[] SIZES = {300, 3000, 30_000};

  /** The largest size costs most, so that only one in so many runs has it. */
  private static final int LARGE_EACH = 5;

  @Test
  void columnsThatDoNotChangeAreRarelyCalledChanged(TestReporter reporter) {
    Map<String, Integer> dates = new TreeMap<>();
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(1000 + run);
      int sizes = run % LARGE_EACH == 0 ? SIZES.length : SIZES.length - 1;
      List<List<ColumnMeasures>> references = draw(random, sizes);
      List<List<ColumnMeasures>> currents = draw(random, sizes);
      for (int i = 0; i < sizes; i++) {
        for (int j = 0; j <= i; j++) {
          String of = SIZES[j] + " against " + SIZES[i];
          List<Watched> columns = columns(references.get(i), currents.get(j));
          for (Distance metric : Distance.values()) {
            boolean alarm = hasAlarm(columns, metric);
            dates.merge(of + " " + metric, alarm ? 1 : 0, Integer::sum);
          }
        }
      }
    }
    reporter.publishEntry("dates with an alarm", dates.toString());
    // above this in 1 of 1,000 cases if 1% have one, by Poisson's distribution
    int most = (int) Math.ceil(0.01 * RUNS + 3.1 * Math.sqrt(0.01 * RUNS) + 1);
    assertThat(dates)
        .hasSize(24)
        .allSatisfy((any, alarms) -> assertThat(alarms).isLessThanOrEqualTo(most));
  }

  private static boolean hasAlarm(List<Watched> columns, Distance metric) {
    return DriftJudge.judge(columns, Columns.spec(metric, 1e-9, 1)).stream()
        .anyMatch(drift -> drift.verdict().isChange());
  }

  private static List<Watched> columns(List<ColumnMeasures> first, List<ColumnMeasures> second) {
    List<Watched> columns = new ArrayList<>();
    for (int i = 0; i < COLUMNS; i++) {
      columns.add(Columns.feature("c" + i, first.get(i), second.get(i)));
    }
    return columns;
  }

  private static List<List<ColumnMeasures>> draw(Random random, int sizes) {
    List<List<ColumnMeasures>> bySize = new ArrayList<>();
    for (int size : Arrays.copyOf(SIZES, sizes)) {
      List<ColumnMeasures> columns = new ArrayList<>();
      for (int i = 0; i < COLUMNS; i++) {
        int shape = i;
        columns.add(
            shape % 2 == 0
                ? Columns.numbers(Stream.generate(() -> number(shape, random)).limit(size).toList())
                : Columns.texts(Stream.generate(() -> text(shape, random)).limit(size).toList()));
      }
      bySize.add(columns);
    }
    return bySize;
  }

  private static Double number(int shape, Random random) {
    double normal = random.nextGaussian();
    return switch (shape / 2 % 8) {
      case 0 -> normal;
      case 1 -> Math.exp(2 * normal);
      case 2 -> Math.rint(3 * normal);
      case 3 -> random.nextInt(20) == 0 ? (double) random.nextInt(30) : 999;
      case 4 -> random.nextInt(50) == 0 ? null : 1000 + 100 * normal;
      case 5 -> Math.max(0, normal);
      case 6 ->
          random.nextInt(1000) == 0 ? Double.NaN : Math.floor(-2 * Math.log(random.nextDouble()));
      default -> 2000.0 + random.nextInt(25);
    };
  }

  /** Of 2, 6, 40, 250 or 1,500 categories, even or with a few that have most rows. */
  private static String text(int shape, Random random) {
    int[] sizes = {2, 6, 40, 250, 1500};
    int size = sizes[shape / 2 % sizes.length];
    double u = random.nextDouble();
    boolean even = shape / 10 % 2 == 0;
    if (!even && random.nextInt(100) == 0) {
      return null;
    }
    return "v" + (int) (size * (even ? u : u * u * u));
  }
}
