package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.config.EncoderSpec;
import io.millrace.config.EncoderSpec.Numeric.Impute;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Which encoder each feature gets. */
final class EncoderChoice {

  private static final EncoderSpec NUMBER_FOR_TREES =
      new EncoderSpec.Numeric(Impute.NONE, false, false);
  private static final EncoderSpec NUMBER_FOR_LINEAR =
      new EncoderSpec.Numeric(Impute.MEDIAN, false, true);
  private static final EncoderSpec CATEGORY_FOR_TREES = new EncoderSpec.Ordinal(4096);
  private static final int MOST_ONE_HOT = 64;
  private static final EncoderSpec CATEGORY_FOR_LINEAR = new EncoderSpec.OneHot(MOST_ONE_HOT);

  /** The default encoder of a category that is too wide for a forest's native splits. */
  static final EncoderSpec.Target CATEGORY_FOR_FOREST = new EncoderSpec.Target(5, 20);

  /** MLlib's own default of bins, and so of levels. */
  private static final int MOST_NATIVE = 32;

  private final Map<String, EncoderSpec> overrides;
  private final EncoderFitter.Style style;

  /**
   * @throws SpecException when an override names no feature or doesn't fit its feature's kind
   */
  EncoderChoice(
      FeatureSchema schema, Map<String, EncoderSpec> overrides, EncoderFitter.Style style) {
    this.overrides = overrides;
    this.style = style;
    for (String name : new TreeSet<>(overrides.keySet())) {
      Feature feature =
          schema.features().stream()
              .filter(f -> f.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SpecException(
                          "train.encoders.%s: no feature has that name; the features are %s"
                              .formatted(
                                  name, schema.features().stream().map(Feature::name).toList())));
      checkKind(feature, overrides.get(name));
    }
  }

  private static void checkKind(Feature feature, EncoderSpec spec) {
    boolean numeric = spec instanceof EncoderSpec.Numeric;
    if (feature.kind() == FeatureKind.BOOLEAN
        || numeric != (feature.kind() == FeatureKind.NUMERIC)) {
      throw new SpecException(
          "train.encoders.%s: is an encoder for a %s, but the feature is a %s; take another one, or"
                  .formatted(feature.name(), numeric ? "number" : "category", word(feature.kind()))
              + " change the feature's kind in features.kinds");
    }
  }

  private static String word(FeatureKind kind) {
    return switch (kind) {
      case NUMERIC -> "number";
      case CATEGORY -> "category";
      case BOOLEAN -> "boolean";
    };
  }

  /** The default for a forest, now that the levels are known. */
  static EncoderSpec forest(EncoderSpec byDefault, FeatureState state) {
    boolean wide =
        state instanceof FeatureState.Categories found && found.levels.size() > MOST_NATIVE;
    return wide ? CATEGORY_FOR_FOREST : byDefault;
  }

  /** The encoder's spec; empty for a boolean, which has one encoder only. */
  Optional<EncoderSpec> of(Feature feature) {
    boolean trees = style != EncoderFitter.Style.LINEAR;
    EncoderSpec byDefault =
        switch (feature.kind()) {
          case NUMERIC -> trees ? NUMBER_FOR_TREES : NUMBER_FOR_LINEAR;
          case CATEGORY -> trees ? CATEGORY_FOR_TREES : CATEGORY_FOR_LINEAR;
          case BOOLEAN -> null;
        };
    EncoderSpec chosen = overrides.getOrDefault(feature.name(), byDefault);
    return Optional.ofNullable(trees ? chosen : withoutMissing(chosen));
  }

  /**
   * One spec serves a model of trees and its linear baseline; what would leave a slot missing, or
   * make a number of a code, is replaced for the latter.
   */
  private static EncoderSpec withoutMissing(EncoderSpec spec) {
    if (spec instanceof EncoderSpec.Numeric n && n.impute() == Impute.NONE) {
      return new EncoderSpec.Numeric(Impute.MEDIAN, n.clip(), n.scale());
    }
    if (spec instanceof EncoderSpec.Ordinal o) {
      return new EncoderSpec.OneHot(Math.min(o.maxLevels(), MOST_ONE_HOT));
    }
    return spec;
  }
}
