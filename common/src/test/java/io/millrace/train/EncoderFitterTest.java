package io.millrace.train;

import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.EncoderSpec;
import io.millrace.config.EncoderSpec.Numeric.Impute;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Encoder;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.model.RawRow;
import io.millrace.train.EncoderFitter.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class EncoderFitterTest {

  private static final int ROWS = 2000;
  private static final Optional<String> LABEL = Optional.of("label");
  private static final StructType TYPE =
      new StructType()
          .add("x", DataTypes.DoubleType)
          .add("big.number", DataTypes.DoubleType)
          .add("count", DataTypes.DoubleType)
          .add("same", DataTypes.DoubleType)
          .add("colour", DataTypes.StringType)
          .add("town", DataTypes.StringType)
          .add("void", DataTypes.StringType)
          .add("member", DataTypes.BooleanType)
          .add("always", DataTypes.BooleanType)
          .add("label", DataTypes.DoubleType);
  private static final FeatureSchema SCHEMA =
      new FeatureSchema(
          List.of(
              new Feature("x", FeatureKind.NUMERIC),
              new Feature("big.number", FeatureKind.NUMERIC),
              new Feature("count", FeatureKind.NUMERIC),
              new Feature("same", FeatureKind.NUMERIC),
              new Feature("colour", FeatureKind.CATEGORY),
              new Feature("town", FeatureKind.CATEGORY),
              new Feature("void", FeatureKind.CATEGORY),
              new Feature("member", FeatureKind.BOOLEAN),
              new Feature("always", FeatureKind.BOOLEAN)));
  private static final List<Row> ROW_LIST = new ArrayList<>();
  private static Dataset<Row> rows;

  @BeforeAll
  static void makeRows() {
    Random random = new Random(4);
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
      ROW_LIST.add(
          RowFactory.create(
              i % 11 == 0 ? null : i % 13 == 0 ? Double.POSITIVE_INFINITY : x,
              1e15 + random.nextDouble(),
              (double) random.nextInt(100),
              i % 5 == 0 ? null : 3.0,
              i % 17 == 0 ? null : List.of("red", "", "blue", "green").get(random.nextInt(4)),
              "t" + (int) Math.abs(random.nextGaussian() * 40),
              null,
              i % 7 == 0 ? null : (Boolean) (i % 3 == 0),
              true,
              random.nextGaussian() + random.nextInt(2)));
    }
    rows = TestSpark.session().createDataFrame(ROW_LIST, TYPE);
  }

  private static Encoder fit(String feature, EncoderSpec spec, Style style) {
    Encoders encoders = EncoderFitter.fit(rows, SCHEMA, Map.of(feature, spec), style, LABEL);
    return encoders.encoders().get(SCHEMA.indexOf(feature));
  }

  private static double[] present(String column) {
    return ROW_LIST.stream()
        .map(row -> row.get(TYPE.fieldIndex(column)))
        .filter(value -> value != null && Double.isFinite((Double) value))
        .mapToDouble(value -> (Double) value)
        .sorted()
        .toArray();
  }

  @Test
  void fitsTheSameBitsForAnyPartitionsAndOrder() {
    Map<String, EncoderSpec> overrides =
        Map.of(
            "x", new EncoderSpec.Numeric(Impute.MEAN, true, true),
            "town", new EncoderSpec.Target(5, 20),
            "colour", new EncoderSpec.Frequency());
    Encoders first = EncoderFitter.fit(rows.coalesce(1), SCHEMA, overrides, Style.LINEAR, LABEL);
    for (int partitions : new int[] {2, 3, 7}) {
      Dataset<Row> shuffled = rows.orderBy(rand(partitions)).repartition(partitions);
      assertThat(EncoderFitter.fit(shuffled, SCHEMA, overrides, Style.LINEAR, LABEL))
          .isEqualTo(first);
    }
  }

  @Test
  void choosesByStyleAndDropsWhatSaysNothing() {
    Encoders trees = EncoderFitter.fit(rows, SCHEMA, Map.of(), Style.TREES, LABEL);
    assertThat(trees.dropped())
        .containsExactly(Map.entry("void", "no values"), Map.entry("always", "constant"));
    assertThat(trees.encoders().get(0)).isEqualTo(Encoder.Numeric.AS_IS);
    assertThat(trees.encoders().get(3)).isEqualTo(Encoder.Numeric.AS_IS);
    assertThat(trees.encoders().get(4)).isInstanceOf(Encoder.Ordinal.class);
    assertThat(trees.encoders().get(7)).isEqualTo(new Encoder.Flag(Double.NaN));
    Encoders linear = EncoderFitter.fit(rows, SCHEMA, Map.of(), Style.LINEAR, LABEL);
    assertThat(linear.dropped()).containsOnlyKeys("same", "void", "always");
    assertThat(linear.encoders().get(4)).isInstanceOf(Encoder.OneHot.class);
    long members = ROW_LIST.stream().filter(r -> Boolean.TRUE.equals(r.get(7))).count();
    long known = ROW_LIST.stream().filter(r -> r.get(7) != null).count();
    assertThat(linear.encoders().get(7)).isEqualTo(new Encoder.Flag((double) members / known));
  }

  @Test
  void fitsMomentsWhereRoundingWouldCancel() {
    double[] values = present("big.number");
    double[] offsets = Arrays.stream(values).map(v -> v - 1e15).toArray();
    double mean = Arrays.stream(offsets).average().orElseThrow();
    double variance =
        Arrays.stream(offsets).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    Encoder.Numeric fitted =
        (Encoder.Numeric)
            fit("big.number", new EncoderSpec.Numeric(Impute.NONE, false, true), Style.TREES);
    assertThat(fitted.mean() - 1e15).isCloseTo(mean, Offset.offset(0.125));
    assertThat(fitted.scale()).isCloseTo(Math.sqrt(variance), Percentage.withPercentage(1e-9));
  }

  @Test
  void imputesAndClipsByQuantilesOfTheData() {
    Encoder.Numeric counts =
        (Encoder.Numeric)
            fit("count", new EncoderSpec.Numeric(Impute.MEDIAN, true, false), Style.TREES);
    double[] sorted = present("count");
    assertThat(counts.impute()).isEqualTo(sorted[sorted.length / 2 - 1]);
    assertThat(counts.low()).isEqualTo(sorted[1]);
    assertThat(counts.high()).isEqualTo(sorted[1997]);
    Encoder.Numeric x =
        (Encoder.Numeric)
            fit("x", new EncoderSpec.Numeric(Impute.MEDIAN, true, false), Style.TREES);
    double[] xs = present("x");
    double exact = xs[(int) Math.ceil(xs.length * 0.001) - 1];
    assertThat(x.low() / exact).isBetween(1.0, 1.001);
    assertThat(Arrays.binarySearch(xs, x.low())).isNotNegative();
    assertThat(Arrays.binarySearch(xs, x.impute())).isNotNegative();
  }

  @Test
  void ranksLevelsByCountThenText() {
    Encoder.OneHot towns = (Encoder.OneHot) fit("town", new EncoderSpec.OneHot(10), Style.LINEAR);
    Map<String, Long> counts = new HashMap<>();
    ROW_LIST.forEach(row -> counts.merge(row.getString(5), 1L, Long::sum));
    List<String> ranked =
        counts.keySet().stream()
            .sorted(
                Comparator.comparing((String town) -> -counts.get(town))
                    .thenComparing(town -> town))
            .limit(10)
            .toList();
    assertThat(towns.levels().names()).isEqualTo(ranked);
  }

  @Test
  void smoothsTheMeansOfTargets() {
    Encoder.Target colours =
        (Encoder.Target) fit("colour", new EncoderSpec.Target(5, 20), Style.TREES);
    double all = ROW_LIST.stream().mapToDouble(r -> r.getDouble(9)).average().orElseThrow();
    double sum = 0;
    int count = 0;
    for (Row row : ROW_LIST) {
      if ("".equals(row.getString(4))) {
        sum += row.getDouble(9);
        count++;
      }
    }
    Offset<Double> rounding = Offset.offset(1e-12);
    int level = colours.levels().names().indexOf("");
    assertThat(colours.prior()).isCloseTo(all, rounding);
    assertThat(colours.means().get(level)).isCloseTo((sum + 20 * all) / (count + 20), rounding);
    Encoder.Frequency shares =
        (Encoder.Frequency) fit("colour", new EncoderSpec.Frequency(), Style.TREES);
    assertThat(shares.shares().get(shares.levels().names().indexOf("")))
        .isEqualTo((double) count / ROWS);
    assertThat(Arrays.stream(shares.shares().toArray()).sum() + shares.missing())
        .isCloseTo(1, rounding);
  }

  @Test
  void givesALinearModelNoMissingSlot() {
    Map<String, EncoderSpec> overrides =
        Map.of(
            "x", new EncoderSpec.Numeric(Impute.NONE, false, true),
            "town", new EncoderSpec.Ordinal(500));
    Encoders encoders = EncoderFitter.fit(rows, SCHEMA, overrides, Style.LINEAR, LABEL);
    float[] slots = new float[encoders.slots()];
    encoders.encode(new RawRow(SCHEMA.size()), slots);
    for (float slot : slots) {
      assertThat(slot).isFinite();
    }
    assertThat(encoders.encoders().get(5).width()).isEqualTo(65);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> fit("x", new EncoderSpec.OneHot(3), Style.TREES))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "train.encoders.x: is an encoder for a category, but the feature is a number; take"
                + " another one, or change the feature's kind in features.kinds");
    assertThatThrownBy(
            () ->
                EncoderFitter.fit(
                    rows,
                    new FeatureSchema(List.of(new Feature("x", FeatureKind.NUMERIC))),
                    Map.of("y", new EncoderSpec.Frequency()),
                    Style.TREES,
                    LABEL))
        .isInstanceOf(SpecException.class)
        .hasMessage("train.encoders.y: no feature has that name; the features are [x]");
    assertThatThrownBy(
            () ->
                EncoderFitter.fit(
                    rows,
                    SCHEMA,
                    Map.of("town", new EncoderSpec.Target(5, 20)),
                    Style.TREES,
                    Optional.empty()))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "train.encoders.town: target encoding needs a label; take frequency or one-hot");
    assertThatThrownBy(() -> EncoderFitter.fit(rows.limit(0), SCHEMA, Map.of(), Style.TREES, LABEL))
        .isInstanceOf(DataException.class)
        .hasMessage("no rows to train on: the training part of the split is empty");
  }

  @Test
  void refusesTooManyLevelsWhateverTheOrder() {
    FeatureState.Categories one = new FeatureState.Categories(3);
    FeatureState.Categories two = new FeatureState.Categories(3);
    for (String text : List.of("a", "b", "c")) {
      add(one, text);
      add(two, text + text);
    }
    assertThat(one.overflown).isFalse();
    two.merge(one);
    assertThatThrownBy(
            () -> EncoderMaker.category("id", two, new EncoderSpec.Frequency(), new LabelSum()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "feature id: has more than 3 levels; leave it out (features.exclude) or read it as a"
                + " number (features.kinds)");
  }

  private static void add(FeatureState.Categories state, String text) {
    state.add(
        UnsafeProjection.create(new StructType().add("t", DataTypes.StringType))
            .apply(
                InternalRow.fromSeq(
                    CollectionConverters.asScala(List.<Object>of(UTF8String.fromString(text)))
                        .toSeq())),
        0,
        1);
  }

  @Test
  void bucketsMergeToTheSameQuantiles() {
    Random random = new Random(3);
    double[] values = new double[5001];
    QuantileBuckets even = new QuantileBuckets();
    QuantileBuckets odd = new QuantileBuckets();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian() * Math.pow(2, random.nextInt(60) - 30);
      (i % 2 == 0 ? even : odd).add(values[i]);
    }
    even.merge(odd);
    Arrays.sort(values);
    for (double share : new double[] {0, 0.001, 0.25, 0.5, 0.9, 1}) {
      double exact = values[(int) Math.max(0, Math.ceil(share * values.length) - 1)];
      double found = even.quantile(share);
      assertThat(found).isLessThanOrEqualTo(exact);
      assertThat(Math.abs(found / exact - 1)).isLessThanOrEqualTo(1.0 / 1024);
    }
  }
}
