package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;

/** Against slow twins that go by the definitions. */
class StrengthTest {

  private static final List<Feature> ONE = List.of(new Feature("x", FeatureKind.NUMERIC));

  @Property(tries = 50)
  void theOrderOfANumberIsJudgedAsByAllPairs(@ForAll long seed) {
    Random random = new Random(seed);
    double[] x = new double[200];
    double[] label = new double[200];
    for (int i = 0; i < x.length; i++) {
      label[i] = i < 60 ? 1 : 0;
      x[i] = Math.rint(5 * random.nextGaussian() + 12 * label[i]);
    }
    double wins = 0;
    for (int i = 0; i < 60; i++) {
      for (int j = 60; j < 200; j++) {
        wins += x[i] > x[j] ? 1 : x[i] == x[j] ? 0.5 : 0;
      }
    }
    double auc = wins / (60 * 140);

    // far enough apart that the bins of the other fold don't tell more than the order
    assertThat(new Strength(sample(x, label), 2).ofValue(0)).isCloseTo(2 * auc - 1, within(1e-12));
  }

  @Property(tries = 50)
  void numbersAreJudgedByTheCorrelationOfTheirRanks(@ForAll long seed) {
    Random random = new Random(seed);
    double[] x = random.doubles(100).map(u -> Math.rint(20 * u)).toArray();
    double[] y = random.doubles(100).toArray();
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.rint(10 * (y[i] + x[i] / 20));
    }
    double[] rx = ranks(x);
    double[] ry = ranks(y);
    double mean = 50.5;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < 100; i++) {
      xy += (rx[i] - mean) * (ry[i] - mean);
      xx += (rx[i] - mean) * (rx[i] - mean);
      yy += (ry[i] - mean) * (ry[i] - mean);
    }

    assertThat(new Strength(sample(x, y), 0).ofValue(0))
        .isCloseTo(Math.abs(xy) / Math.sqrt(xx * yy), within(1e-12));
  }

  /** One and the lesser ones, an equal one counting half. */
  private static double[] ranks(double[] x) {
    return Arrays.stream(x)
        .map(
            a ->
                0.5
                    + Arrays.stream(x).filter(b -> b < a).count()
                    + Arrays.stream(x).filter(b -> b == a).count() / 2.0)
        .toArray();
  }

  @Property(tries = 30)
  void aSampleHoldsTheLeastHashesOfEachClassWhateverTheParts(@ForAll long seed) {
    Random random = new Random(seed);
    List<InternalRow> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double label = i % 10 == 0 ? 1 : 0;
      rows.add(new GenericInternalRow(new Object[] {random.nextLong(), label, (double) i}));
    }
    double[] expected =
        java.util.stream.DoubleStream.of(0, 1)
            .flatMap(
                label ->
                    rows.stream()
                        .filter(row -> row.getDouble(1) == label)
                        .sorted(java.util.Comparator.comparingLong(row -> row.getLong(0)))
                        .limit(60)
                        .mapToDouble(row -> row.getDouble(2)))
            .toArray();
    Collections.shuffle(rows, random);
    boolean[] numeric = {true};
    int cut = random.nextInt(500);
    LeastHashes one = new LeastHashes(2, 60, numeric).addAll(rows.subList(0, cut).iterator());
    LeastHashes two = new LeastHashes(2, 60, numeric).addAll(rows.subList(cut, 500).iterator());
    AuditSample sample = two.merge(one).toSample(ONE);

    double[] found =
        Arrays.stream(sample.values()[0]).mapToDouble(Double::longBitsToDouble).toArray();
    assertThat(found).isEqualTo(expected);
    assertThat(sample.allRows()).isEqualTo(500);
    assertThat(sample.weight()[0]).isEqualTo(450 / 60.0);
    assertThat(sample.weight()[109]).isEqualTo(1);
  }

  private static AuditSample sample(double[] x, double[] label) {
    long[][] values = {Arrays.stream(x).mapToLong(Double::doubleToLongBits).toArray()};
    double[] weight = new double[x.length];
    Arrays.fill(weight, 1);
    byte[] fold = new byte[x.length];
    for (int i = 0; i < fold.length; i++) {
      fold[i] = (byte) (i % 2);
    }
    return new AuditSample(ONE, values, label, weight, fold, x.length);
  }
}
