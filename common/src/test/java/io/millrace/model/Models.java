package io.millrace.model;

import io.millrace.Task;
import io.millrace.config.FeaturesSpec.FeatureKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Models for tests. */
public final class Models {

  private Models() {}

  /** A binary or regression model over that many numbers as they are. */
  public static Model ofSlots(int slots, Predictor predictor, List<String> classes) {
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      features.add(new Feature("x" + i, FeatureKind.NUMERIC));
    }
    Encoders encoders =
        new Encoders(
            new FeatureSchema(features), Collections.nCopies(slots, Encoder.Numeric.AS_IS));
    Task task = classes.isEmpty() ? Task.REGRESSION : Task.BINARY;
    return new Model(task, classes, encoders, predictor);
  }
}
