package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns one raw feature into float slots; fitted on training rows, applied the same way in training
 * and scoring. The package's page has the rule of each encoder for missing, infinite and unseen
 * values.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "numeric", value = Encoder.Numeric.class),
  @JsonSubTypes.Type(name = "one-hot", value = Encoder.OneHot.class),
  @JsonSubTypes.Type(name = "ordinal", value = Encoder.Ordinal.class),
  @JsonSubTypes.Type(name = "frequency", value = Encoder.Frequency.class),
  @JsonSubTypes.Type(name = "target", value = Encoder.Target.class),
  @JsonSubTypes.Type(name = "flag", value = Encoder.Flag.class),
  @JsonSubTypes.Type(name = "dropped", value = Encoder.Dropped.class)
})
public sealed interface Encoder extends Serializable {

  /** Number of slots that this encoder fills. */
  int width();

  /** Fills {@code slots[offset .. offset + width)} from the feature at index {@code feature}. */
  void encode(RawRow row, int feature, float[] slots, int offset);

  /** Names of the slots of the feature called {@code feature}. */
  default List<String> slotNames(String feature) {
    return List.of(feature);
  }

  /** Whether the slot is a category's code: type {@code c} for XGBoost. */
  default boolean coded() {
    return false;
  }

  /**
   * {@code (clip(x or impute) - mean) / scale}.
   *
   * @param impute what stands for a missing number; NaN: it stays missing
   * @param low least value, or -infinity
   * @param high greatest value, or infinity
   * @param mean subtracted; 0 for none
   * @param scale divides; 1 for none
   */
  record Numeric(double impute, double low, double high, double mean, double scale)
      implements Encoder {

    /**
     * Greatest magnitude of a slot, 2^126: XGBoost refuses infinite floats and doubles the greatest
     * value for its last cut.
     */
    static final double LIMIT = 0x1p126;

    /** The number as it is; missing stays missing. */
    public static final Numeric AS_IS =
        new Numeric(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0, 1);

    public Numeric {
      if (!(low <= high) || !Double.isFinite(mean) || !(scale > 0) || Double.isInfinite(scale)) {
        throw new IllegalArgumentException(
            "no numeric encoder: " + low + ".." + high + ", mean " + mean + ", scale " + scale);
      }
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {
      double x = row.number(feature);
      if (!(Math.abs(x) <= Double.MAX_VALUE)) {
        x = impute;
      }
      x = (Math.min(Math.max(x, low), high) - mean) / scale;
      slots[offset] = (float) Math.min(Math.max(x, -LIMIT), LIMIT) + 0f;
    }
  }

  /** One slot per level and a last one for every other level; all zero when missing. */
  record OneHot(Levels levels) implements Encoder {

    @Override
    public int width() {
      return levels.size() + 1;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {
      for (int i = 0; i <= levels.size(); i++) {
        slots[offset + i] = 0;
      }
      int length = row.textLength(feature);
      if (length >= 0) {
        int level = levels.find(row.text(), row.textStart(feature), length);
        slots[offset + (level < 0 ? levels.size() : level)] = 1;
      }
    }

    @Override
    public List<String> slotNames(String feature) {
      List<String> names = new ArrayList<>();
      for (String level : levels.names()) {
        names.add(feature + "=" + level);
      }
      names.add(feature + " other");
      return List.copyOf(names);
    }
  }

  /** The level's index 0..n-1; n for every other level; NaN when missing. */
  record Ordinal(Levels levels) implements Encoder {

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {
      int length = row.textLength(feature);
      if (length < 0) {
        slots[offset] = Float.NaN;
        return;
      }
      int level = levels.find(row.text(), row.textStart(feature), length);
      slots[offset] = level < 0 ? levels.size() : level;
    }

    @Override
    public boolean coded() {
      return true;
    }
  }

  /**
   * The share of training rows with that level; 0 for a level that they lack.
   *
   * @param shares by level
   * @param missing share of training rows without a value, which stands for missing
   */
  record Frequency(Levels levels, Numbers shares, double missing) implements Encoder {

    public Frequency {
      checkSizes(levels, shares);
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {
      slots[offset] = (float) lookUp(row, feature, levels, shares, missing, 0);
    }
  }

  /**
   * The smoothed mean of the label over training rows with that level (Micci-Barreca 2001): {@code
   * (sum + smoothing * prior) / (count + smoothing)}.
   *
   * @param means by level
   * @param missing the same for rows without a value
   * @param prior mean of all training rows, for a level that they lack
   */
  record Target(Levels levels, Numbers means, double missing, double prior) implements Encoder {

    public Target {
      checkSizes(levels, means);
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {
      slots[offset] = (float) lookUp(row, feature, levels, means, missing, prior);
    }
  }

  /**
   * 1 for true, 0 for false.
   *
   * @param missing what stands for missing; NaN: it stays missing
   */
  record Flag(double missing) implements Encoder {

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {
      double x = row.number(feature);
      slots[offset] = (float) (Double.isNaN(x) ? missing : x);
    }
  }

  /**
   * No slot: the feature said nothing in training.
   *
   * @param reason for the log: {@code "constant"}, {@code "no values"}
   */
  record Dropped(String reason) implements Encoder {

    @Override
    public int width() {
      return 0;
    }

    @Override
    public void encode(RawRow row, int feature, float[] slots, int offset) {}

    @Override
    public List<String> slotNames(String feature) {
      return List.of();
    }
  }

  private static double lookUp(
      RawRow row, int feature, Levels levels, Numbers values, double missing, double unseen) {
    int length = row.textLength(feature);
    if (length < 0) {
      return missing;
    }
    int level = levels.find(row.text(), row.textStart(feature), length);
    return level < 0 ? unseen : values.get(level);
  }

  private static void checkSizes(Levels levels, Numbers values) {
    if (levels.size() != values.size()) {
      throw new IllegalArgumentException(
          levels.size() + " levels, but " + values.size() + " values");
    }
  }
}
