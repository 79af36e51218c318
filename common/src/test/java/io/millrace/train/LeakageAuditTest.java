package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.config.TrainSpec.Audit;
import io.millrace.config.TrainSpec.OnLeak;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class LeakageAuditTest {

  private static final int ROWS = 3000;
  private static final String OTHERWISE =
      "list it under features.exclude, else under train.audit.ignore";

  private static final StructType TYPE =
      new StructType()
          .add("_key", DataTypes.StringType)
          .add("label", DataTypes.DoubleType)
          .add("_split", DataTypes.StringType)
          .add("weak", DataTypes.DoubleType)
          .add("noise", DataTypes.DoubleType)
          .add("kind", DataTypes.StringType)
          .add("other", DataTypes.DoubleType);

  /** Rows of two weak features, noise, and one more that a test makes. */
  private static Dataset<Row> rows(Task task, Other other) {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double chance = random.nextDouble();
      double label = task == Task.BINARY ? (chance < 0.3 ? 1 : 0) : 10 * chance;
      double noise = random.nextGaussian();
      double weak = label + 4 * random.nextGaussian() * (task == Task.BINARY ? 1 : 3);
      String kind = random.nextInt(5) == 0 ? null : "k" + random.nextInt(4);
      String split = i % 5 == 0 ? "test" : i % 5 == 1 ? "tune" : "train";
      Double more = other.of(i, label, noise, random);
      rows.add(RowFactory.create("r" + i, label, split, weak, noise, kind, more));
    }
    return TestSpark.session().createDataFrame(rows, TYPE);
  }

  private interface Other {
    Double of(int row, double label, double noise, Random random);
  }

  private static TrainingSet set(Dataset<Row> rows, Task task) {
    return new TrainingSet(
        rows,
        new FeatureSchema(
            List.of(
                new Feature("weak", FeatureKind.NUMERIC),
                new Feature("noise", FeatureKind.NUMERIC),
                new Feature("kind", FeatureKind.CATEGORY),
                new Feature("other", FeatureKind.NUMERIC))),
        task,
        task == Task.BINARY ? List.of("no", "yes") : List.of());
  }

  private static List<Leak> audit(Task task, Other other, String... ignore) {
    return LeakageAudit.run(set(rows(task, other), task), new Audit(OnLeak.WARN, List.of(ignore)));
  }

  @Test
  void weakFeaturesAreNoLeak() {
    assertThat(audit(Task.BINARY, (row, label, noise, random) -> random.nextDouble())).isEmpty();
    assertThat(audit(Task.REGRESSION, (row, label, noise, random) -> random.nextDouble()))
        .isEmpty();
  }

  @Test
  void aFeatureThatIsTheLabelSeparatesItUnlessItIsIgnored() {
    Other copy = (row, label, noise, random) -> -label;

    assertThat(audit(Task.BINARY, copy))
        .singleElement()
        .isEqualTo(
            new Leak(
                LeakRule.SEPARATES,
                List.of("other"),
                1,
                0.98,
                2400,
                "other alone ranks the label with AUC 1.000; if it is known only after the outcome,"
                    + " "
                    + OTHERWISE));
    assertThat(audit(Task.BINARY, copy, "other")).isEmpty();
    assertThatThrownBy(() -> audit(Task.BINARY, copy, "othr"))
        .isInstanceOf(SpecException.class)
        .hasMessage("train.audit.ignore: no feature othr; did you mean other?");
  }

  @Test
  void aFeatureFarAheadOfAllOthersStandsOut() {
    Other strong = (row, label, noise, random) -> label + 0.7 * random.nextGaussian();

    assertThat(audit(Task.BINARY, strong))
        .singleElement()
        .satisfies(
            leak -> {
              assertThat(leak.rule()).isEqualTo(LeakRule.STANDS_OUT);
              assertThat(leak.columns()).containsExactly("other");
              assertThat(leak.value()).isBetween(0.8, 0.9);
              assertThat(leak.limit()).isEqualTo(0.75);
              assertThat(leak.message())
                  .matches(
                      "other alone ranks the label with AUC 0\\.8\\d\\d, \\d\\.\\d times as far"
                          + " from chance as weak; if it is known only after the outcome, "
                          + OTHERWISE);
            });
  }

  @Test
  void aValueThatIsFilledInAfterTheOutcomeTellsItByBeingThere() {
    Other later =
        (row, label, noise, random) ->
            label == 1 || random.nextInt(50) == 0 ? (Double) random.nextDouble() : null;

    assertThat(audit(Task.BINARY, later))
        .singleElement()
        .satisfies(
            leak -> {
              assertThat(leak.rule()).isEqualTo(LeakRule.MISSING);
              assertThat(leak.message())
                  .matches(
                      "whether other is missing tells the label \\(AUC 0\\.99\\d\\): it seems to be"
                          + " filled in after the outcome; "
                          + OTHERWISE);
            });
  }

  @Test
  void aRuleThatIsNoOrderIsFoundToo() {
    Other code =
        (row, label, noise, random) -> label == 1 ? 3.0 : (double) (random.nextBoolean() ? 1 : 5);

    assertThat(audit(Task.BINARY, code))
        .singleElement()
        .satisfies(leak -> assertThat(leak.rule()).isEqualTo(LeakRule.SEPARATES));
  }

  @Test
  void aCombinationOfFeaturesThatIsTheLabelIsNamed() {
    List<Leak> leaks =
        audit(Task.REGRESSION, (row, label, noise, random) -> (label + 5 * noise) / 4 + 7);

    assertThat(leaks)
        .singleElement()
        .satisfies(
            leak -> {
              assertThat(leak.rule()).isEqualTo(LeakRule.COMBINATION);
              assertThat(leak.columns()).containsExactly("noise", "other");
              assertThat(leak.message())
                  .isEqualTo(
                      "-5 × noise + 4 × other is the label, but for a constant; list what is"
                          + " known only after the outcome under features.exclude");
            });
  }

  @Test
  void aWholeNumberThatNeverComesTwiceIsAnIdentifier() {
    assertThat(audit(Task.BINARY, (row, label, noise, random) -> (double) (row * 7919 % ROWS)))
        .singleElement()
        .isEqualTo(
            new Leak(
                LeakRule.IDENTIFIER,
                List.of("other"),
                1,
                0.95,
                2400,
                "other has nearly as many values as rows (100%): an identifier, of which nothing"
                    + " can be learned for other rows; list it under features.exclude, or under"
                    + " train.audit.ignore"));
  }

  @Test
  void rowsAndKeysOnBothSidesAreCounted() {
    Dataset<Row> rows = rows(Task.BINARY, (row, label, noise, random) -> random.nextDouble());
    Dataset<Row> again =
        rows.where("_split = 'train'")
            .limit(150)
            .selectExpr(
                "concat(_key, '-') as _key",
                "label",
                "'test' as _split",
                "weak",
                "noise",
                "kind",
                "other");
    Dataset<Row> sameKey =
        rows.where("_split = 'tune'")
            .limit(50)
            .selectExpr("_key", "label", "'test' as _split", "weak + 1", "noise", "kind", "other");

    assertThat(
            LeakageAudit.run(
                set(rows.union(again).union(sameKey), Task.BINARY), TrainingData.AUDIT))
        .containsExactly(
            new Leak(
                LeakRule.SHARED_KEYS,
                List.of("_key"),
                50 / 800.0,
                0,
                800,
                "50 of 800 test rows (6.3%) are of an entity that trains too; split by-hash, or"
                    + " take the figures on them as those of known entities"),
            new Leak(
                LeakRule.SHARED_ROWS,
                List.of(),
                150 / 800.0,
                0.1,
                800,
                "150 of 800 test rows (18.8%) have the features of a row that trains, so that the"
                    + " figures on them flatter the model; take repeated rows out of the source"));
  }

  @Test
  void saysTheSameWhateverTheOrderAndThePartitions() {
    Other strong = (row, label, noise, random) -> label + 0.7 * random.nextGaussian();
    for (Task task : List.of(Task.BINARY, Task.REGRESSION)) {
      Dataset<Row> rows = rows(task, strong);
      List<Leak> once = LeakageAudit.run(set(rows.repartition(1), task), TrainingData.AUDIT);
      assertThat(once).isNotEmpty();
      Dataset<Row> other = rows.orderBy("noise").repartition(5);
      assertThat(LeakageAudit.run(set(other, task), TrainingData.AUDIT)).isEqualTo(once);
    }
  }
}
