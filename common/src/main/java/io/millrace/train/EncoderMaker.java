package io.millrace.train;

import io.millrace.DataException;
import io.millrace.config.EncoderSpec;
import io.millrace.config.EncoderSpec.Numeric.Impute;
import io.millrace.model.Encoder;
import io.millrace.model.Levels;
import io.millrace.model.Numbers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.spark.unsafe.types.UTF8String;

/** From what a scan collected of a feature to its encoder. */
final class EncoderMaker {

  private static final double LOW_TAIL = 0.001;
  private static final Encoder CONSTANT = new Encoder.Dropped("constant");
  private static final Encoder NO_VALUES = new Encoder.Dropped("no values");

  private EncoderMaker() {}

  static Encoder numeric(FeatureState.Numbers state, EncoderSpec.Numeric spec) {
    if (state.present == 0) {
      return NO_VALUES;
    }
    boolean imputesAValue = spec.impute() == Impute.MEAN || spec.impute() == Impute.MEDIAN;
    if (state.least == state.greatest && (state.missing == 0 || imputesAValue)) {
      return CONSTANT;
    }
    double impute =
        switch (spec.impute()) {
          case NONE -> Double.NaN;
          case ZERO -> 0;
          case MEAN -> state.sum.value() / state.present;
          case MEDIAN -> state.quantiles.quantile(0.5);
        };
    return new Encoder.Numeric(
        impute,
        spec.clip() ? state.quantiles.quantile(LOW_TAIL) : Double.NEGATIVE_INFINITY,
        spec.clip() ? state.quantiles.quantile(1 - LOW_TAIL) : Double.POSITIVE_INFINITY,
        spec.scale() ? state.sum.value() / state.present : 0,
        spec.scale() ? deviation(state) : 1);
  }

  /**
   * The standard deviation over the present values, {@code sqrt(n * sum(x^2) - sum(x)^2) / n},
   * whose difference is taken exactly; 1 when it is 0.
   */
  private static double deviation(FeatureState.Numbers state) {
    BigDecimal sum = state.sum.exact();
    BigDecimal spread =
        state
            .squares
            .exact()
            .multiply(BigDecimal.valueOf(state.present))
            .subtract(sum.multiply(sum));
    double deviation = Math.sqrt(spread.doubleValue()) / state.present;
    return deviation > 0 ? deviation : 1;
  }

  /** A missing boolean stays missing for trees, and is the share of trues for linear models. */
  static Encoder flag(FeatureState.Flags state, EncoderFitter.Style style) {
    long present = state.trues + state.falses;
    if (present == 0) {
      return NO_VALUES;
    }
    boolean trees = style != EncoderFitter.Style.LINEAR;
    if ((state.trues == 0 || state.falses == 0) && (state.missing == 0 || !trees)) {
      return CONSTANT;
    }
    return new Encoder.Flag(trees ? Double.NaN : (double) state.trues / present);
  }

  /**
   * @param all labels of all rows, for the prior of a target encoder
   * @throws DataException when the feature has too many levels
   */
  static Encoder category(
      String name, FeatureState.Categories state, EncoderSpec spec, LabelSum all) {
    if (state.overflown) {
      throw new DataException(
          ("feature %s: has more than %,d levels; leave it out (features.exclude) or read it as a"
                  + " number (features.kinds)")
              .formatted(name, state.mostLevels));
    }
    if (state.levels.isEmpty()) {
      return NO_VALUES;
    }
    if (state.levels.size() == 1 && state.missing.count() == 0) {
      return CONSTANT;
    }
    if (spec instanceof EncoderSpec.OneHot o) {
      return new Encoder.OneHot(levels(ranked(state), o.maxLevels()));
    } else if (spec instanceof EncoderSpec.Ordinal o) {
      return new Encoder.Ordinal(levels(ranked(state), o.maxLevels()));
    } else if (spec instanceof EncoderSpec.Frequency) {
      return frequency(state, all.count());
    } else if (spec instanceof EncoderSpec.Target t) {
      return target(state, t, all);
    }
    throw new IllegalArgumentException("no encoder of categories: " + spec);
  }

  private static Encoder frequency(FeatureState.Categories state, long rows) {
    List<Map.Entry<UTF8String, LabelSum>> ranked = ranked(state);
    return new Encoder.Frequency(
        levels(ranked, Integer.MAX_VALUE),
        values(ranked, sum -> (double) sum.count() / rows),
        (double) state.missing.count() / rows);
  }

  private static Encoder target(
      FeatureState.Categories state, EncoderSpec.Target spec, LabelSum all) {
    List<Map.Entry<UTF8String, LabelSum>> ranked = ranked(state);
    double prior = all.smoothedMean(0, 0);
    return new Encoder.Target(
        levels(ranked, Integer.MAX_VALUE),
        values(ranked, sum -> sum.smoothedMean(spec.smoothing(), prior)),
        state.missing.smoothedMean(spec.smoothing(), prior),
        prior);
  }

  /** The most frequent first, equal ones in the order of their UTF-8 bytes. */
  private static List<Map.Entry<UTF8String, LabelSum>> ranked(FeatureState.Categories state) {
    List<Map.Entry<UTF8String, LabelSum>> entries = new ArrayList<>(state.levels.entrySet());
    Comparator<Map.Entry<UTF8String, LabelSum>> byCount =
        Comparator.comparingLong(entry -> -entry.getValue().count());
    entries.sort(byCount.thenComparing(Map.Entry::getKey, UTF8String::compareTo));
    return entries;
  }

  private static Levels levels(List<Map.Entry<UTF8String, LabelSum>> ranked, int most) {
    return Levels.of(ranked.stream().limit(most).map(entry -> entry.getKey().toString()).toList());
  }

  private static Numbers values(
      List<Map.Entry<UTF8String, LabelSum>> ranked, ToDoubleFunction<LabelSum> value) {
    return Numbers.of(
        ranked.stream().mapToDouble(e -> value.applyAsDouble(e.getValue())).toArray());
  }
}
