package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.WindowSpec.Aggregate;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** One sweep without Spark: what a hot key costs. */
class SweepTest {

  private static final long SECOND = 1_000_000;
  private static final int ALL = Sweep.EVENT | Sweep.EMITTED | Sweep.ASKED;

  /** Key, time, role, number. */
  private static InternalRow row(long key, long time, int role, Double number) {
    return new GenericInternalRow(new Object[] {key, time, role, number});
  }

  private static Sweep.Plan plan(int order, long... seconds) {
    Set<Aggregate> aggregates =
        Set.of(Aggregate.COUNT, Aggregate.SUM, Aggregate.MAX, Aggregate.MIN);
    List<LanePlan.Output> outputs =
        IntStream.range(0, seconds.length)
            .boxed()
            .flatMap(
                span ->
                    List.of(Aggregate.COUNT, Aggregate.SUM, Aggregate.MAX).stream()
                        .map(aggregate -> new LanePlan.Output(0, span, aggregate)))
            .toList();
    DataType[] types =
        outputs.stream().map(output -> DataTypes.DoubleType).toArray(DataType[]::new);
    LanePlan window =
        new LanePlan.Window(
            0,
            false,
            -1,
            0,
            java.util.Arrays.stream(seconds).mapToObj(s -> s * SECOND).toList(),
            List.of(new LanePlan.Input(3, false, false, aggregates)),
            outputs);
    return new Sweep.Plan(0, true, 1, 2, order, 40, List.of(window), types);
  }

  @Test
  void aHotKeyIsStreamed() {
    int rows = 2_000_000;
    Iterator<InternalRow> hot =
        IntStream.range(0, rows)
            .mapToObj(i -> row(7, i * SECOND, i % 1000 == 0 ? ALL : Sweep.EVENT, (double) (i % 10)))
            .iterator();
    Sweep sweep = new Sweep(plan(-1, 100, 1000), hot);
    int asked = 0;
    while (sweep.hasNext()) {
      InternalRow row = sweep.next();
      long i = row.getLong(1) / SECOND;
      assertThat(row.getDouble(4)).isEqualTo(Math.min(i + 1, 100));
      assertThat(row.getDouble(7)).isEqualTo(Math.min(i + 1, 1000));
      assertThat(row.getDouble(8)).isEqualTo(i == 0 ? 0.0 : 4500.0);
      assertThat(row.getDouble(9)).isEqualTo(i == 0 ? 0.0 : 9.0);
      asked++;
    }
    assertThat(asked).isEqualTo(rows / 1000);
    assertThat(sweep.room()).isLessThanOrEqualTo(4096);
  }

  @Test
  void aKeyKnowsNothingOfTheOneBefore() {
    Iterator<InternalRow> rows =
        List.of(row(1, 5, ALL, 3.0), row(1, 5, ALL, 4.0), row(2, 6, ALL, null)).iterator();
    Sweep sweep = new Sweep(plan(-1, 10), rows);
    for (int i = 0; i < 2; i++) {
      InternalRow both = sweep.next();
      assertThat(both.getDouble(4)).isEqualTo(2);
      assertThat(both.getDouble(5)).isEqualTo(7);
    }
    InternalRow alone = sweep.next();
    assertThat(alone.getDouble(4)).isZero();
    assertThat(alone.isNullAt(5)).isTrue();
    assertThat(alone.isNullAt(6)).isTrue();
    assertThat(sweep.hasNext()).isFalse();
  }

  @Test
  void keysOfOneBucketAreToldApart() {
    Iterator<InternalRow> rows =
        List.of(row(1, 5, ALL, 3.0), row(2, 5, ALL, 4.0), row(1, 6, ALL, 5.0), row(2, 7, ALL, 6.0))
            .iterator();
    Sweep sweep = new Sweep(plan(1, 10), rows);
    double[] sums = {3, 4, 8, 10};
    for (double sum : sums) {
      assertThat(sweep.next().getDouble(5)).isEqualTo(sum);
    }
    assertThat(sweep.hasNext()).isFalse();
  }

  @Test
  void rowsInDisorderAreABug() {
    Sweep sweep =
        new Sweep(plan(-1, 10), List.of(row(1, 5, ALL, 3.0), row(1, 4, ALL, 3.0)).iterator());
    sweep.next();
    assertThatThrownBy(sweep::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("rows of a sweep go back in time");
  }
}
