package io.millrace.model;

/** Reads XGBoost's JSON models (format of XGBoost 3.1). */
public final class XgboostTrees {

  private XgboostTrees() {}

  /**
   * Converts a booster.
   *
   * @param boosterJson the bytes of {@code booster.toByteArray("json")}
   * @throws IllegalArgumentException for a booster, objective or tree that isn't known
   */
  public static Predictor.Trees parse(byte[] boosterJson) {
    throw new UnsupportedOperationException();
  }
}
