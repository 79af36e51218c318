package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.EncoderSpec;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.config.TrainSpec;
import io.millrace.model.Encoder;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.model.Model;
import io.millrace.model.RawRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** A forest's default for categories of more levels than MLlib's bins. */
class ForestEncodersTest {

  private static final FeatureSchema SCHEMA =
      new FeatureSchema(
          List.of(
              new Feature("town", FeatureKind.CATEGORY),
              new Feature("colour", FeatureKind.CATEGORY),
              new Feature("x", FeatureKind.NUMERIC)));

  private static final StructType TYPE =
      new StructType()
          .add("_key", DataTypes.StringType)
          .add("label", DataTypes.DoubleType)
          .add("_split", DataTypes.StringType)
          .add("town", DataTypes.StringType)
          .add("colour", DataTypes.StringType)
          .add("x", DataTypes.DoubleType);

  /** Of 300 towns each has its own rate. */
  private static List<Row> rows() {
    Random random = new Random(3);
    double[] rates = random.doubles(300).toArray();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      int town = random.nextInt(300);
      double label = random.nextDouble() < rates[town] ? 1 : 0;
      String split = i % 4 == 0 ? "test" : i % 4 == 1 ? "tune" : "train";
      rows.add(
          RowFactory.create("r" + i, label, split, "t" + town, "c" + i % 3, random.nextGaussian()));
    }
    return rows;
  }

  private static Model train(List<Row> rows, Map<String, EncoderSpec> encoders) {
    TrainSpec spec =
        new TrainSpec(
            new AlgorithmSpec.RandomForest(20, 6, 1, 1.0, 64),
            Optional.empty(),
            2,
            7,
            Optional.empty(),
            encoders,
            Optional.empty(),
            Optional.empty(),
            TrainingData.AUDIT);
    TrainingSet set =
        new TrainingSet(
            TestSpark.session().createDataFrame(rows, TYPE),
            SCHEMA,
            Task.BINARY,
            List.of("no", "yes"));
    return Trainer.train(set, spec).challenger().model();
  }

  private static double auc(Model model, List<Row> rows) {
    List<double[]> scored = new ArrayList<>();
    RawRow raw = new RawRow(3);
    float[] slots = new float[model.encoders().slots()];
    double[] out = new double[1];
    for (Row row : rows) {
      if (row.getString(2).equals("test")) {
        raw.clear();
        raw.setText(0, row.getString(3));
        raw.setText(1, row.getString(4));
        raw.setNumber(2, row.getDouble(5));
        model.encoders().encode(raw, slots);
        model.predictor().predict(slots, out);
        scored.add(new double[] {out[0], row.getDouble(1), 1});
      }
    }
    return RankAuc.of(List.<double[][]>of(scored.toArray(double[][]::new)));
  }

  @Test
  void aCategoryOfManyLevelsIsItsMeanLabelsAndDoesBetter() {
    List<Row> rows = rows();
    Model byDefault = train(rows, Map.of());
    Model ordinal = train(rows, Map.of("town", new EncoderSpec.Ordinal(4096)));

    assertThat(byDefault.encoders().encoders().get(0)).isInstanceOf(Encoder.Target.class);
    assertThat(byDefault.encoders().encoders().get(1)).isInstanceOf(Encoder.Ordinal.class);
    assertThat(ordinal.encoders().encoders().get(0)).isInstanceOf(Encoder.Ordinal.class);
    assertThat(auc(byDefault, rows)).isGreaterThan(auc(ordinal, rows) + 0.01);
  }
}
