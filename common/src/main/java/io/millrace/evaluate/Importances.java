package io.millrace.evaluate;

import io.millrace.model.Feature;
import io.millrace.model.Importance;
import io.millrace.model.Model;
import io.millrace.model.RawRow;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How much each feature of a model counts, over held-out rows, in one pass. */
public final class Importances {

  private Importances() {}

  /**
   * A point {@code importance} for each feature that counts, the greatest share first: {@code y} is
   * its share as {@link Importance} defines it, {@code label} its name.
   *
   * @param rows the features as the model was trained on them: double, string or boolean columns
   */
  public static List<CurvePoint> of(Dataset<Row> rows, Model model) {
    List<Feature> features = model.encoders().schema().features();
    Column[] columns =
        features.stream()
            .map(feature -> functions.col("`" + feature.name().replace("`", "``") + "`"))
            .toArray(Column[]::new);
    Importance importance = new Importance(model);
    rows.select(columns)
        .toJavaRDD()
        .mapPartitions(it -> List.of(folded(it, model)).iterator())
        .collect()
        .forEach(importance::merge);
    return importance.weights().stream()
        .map(weight -> new CurvePoint("importance", 0, weight.share(), weight.feature(), 0))
        .toList();
  }

  private static Importance folded(Iterator<Row> rows, Model model) {
    Importance importance = new Importance(model);
    RawRow raw = new RawRow(model.encoders().schema().size());
    while (rows.hasNext()) {
      Row row = rows.next();
      raw.clear();
      for (int i = 0; i < row.size(); i++) {
        set(raw, i, row.get(i));
      }
      importance.add(raw);
    }
    return importance;
  }

  private static void set(RawRow raw, int feature, Object value) {
    if (value instanceof Number number) {
      raw.setNumber(feature, number.doubleValue());
    } else if (value instanceof Boolean flag) {
      raw.setFlag(feature, flag);
    } else if (value != null) {
      raw.setText(feature, value.toString());
    }
  }
}
