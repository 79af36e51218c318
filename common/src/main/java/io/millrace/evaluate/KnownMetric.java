package io.millrace.evaluate;

import io.millrace.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every metric by name, and in which direction it is better: the one list of them. */
public enum KnownMetric {
  ROWS(Better.NEITHER),
  AUC(Better.HIGHER),
  AVERAGE_PRECISION(Better.HIGHER),
  LOG_LOSS(Better.LOWER),
  BRIER(Better.LOWER),
  ECE(Better.LOWER),
  ACCURACY(Better.HIGHER),
  PRECISION(Better.HIGHER),
  RECALL(Better.HIGHER),
  F1(Better.HIGHER),
  FALSE_POSITIVE_RATE(Better.LOWER),
  TRUE_NEGATIVE_RATE(Better.HIGHER),
  FALSE_NEGATIVE_RATE(Better.LOWER),
  SELECTION_RATE(Better.NEITHER),
  BASE_RATE(Better.NEITHER),
  PRECISION_AT_K(Better.HIGHER),
  VALUE(Better.HIGHER),
  VALUE_PER_ROW(Better.HIGHER),
  MACRO_F1(Better.HIGHER),
  WEIGHTED_F1(Better.HIGHER),
  MACRO_AUC(Better.HIGHER),
  WEIGHTED_AUC(Better.HIGHER),
  RMSE(Better.LOWER),
  MAE(Better.LOWER),
  WAPE(Better.LOWER),
  R2(Better.HIGHER),
  MEAN_ERROR(Better.NEITHER),
  PINBALL(Better.LOWER),
  COVERAGE(Better.NEITHER);

  private static final List<KnownMetric> PER_CLASS = List.of(PRECISION, RECALL, F1, AUC);

  /** In which direction a metric is better. */
  public enum Better {
    /** The greater, the better. */
    HIGHER,
    /** The smaller, the better. */
    LOWER,
    /** Neither: it describes, or is best near a value of its own. */
    NEITHER
  }

  private final Better better;

  KnownMetric(Better better) {
    this.better = better;
  }

  /** In which direction it is better. */
  public Better better() {
    return better;
  }

  /** The name in the table {@code metrics} and in the spec, such as {@code average-precision}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The metric of a name; {@code recall:<class>} and its like are known whatever the class. */
  public static Optional<KnownMetric> find(String name) {
    int colon = name.indexOf(':');
    String base = colon < 0 ? name : name.substring(0, colon);
    return Arrays.stream(values())
        .filter(m -> m.text().equals(base) && (colon < 0 || PER_CLASS.contains(m)))
        .findFirst();
  }

  /** The known name that is most like another one. */
  public static String nearest(String name) {
    List<String> names = Arrays.stream(values()).map(KnownMetric::text).toList();
    return Nearest.closest(name, names).orElseThrow();
  }
}
