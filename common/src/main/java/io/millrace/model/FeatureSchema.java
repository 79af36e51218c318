package io.millrace.model;

import io.millrace.Hashes;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The raw features of a model, in order; a feature's index is its place in a {@link RawRow}. */
public record FeatureSchema(List<Feature> features) implements Serializable {

  /**
   * @throws IllegalArgumentException when a name stands twice
   */
  public FeatureSchema {
    features = List.copyOf(features);
    Set<String> names = new HashSet<>();
    for (Feature feature : features) {
      if (!names.add(feature.name())) {
        throw new IllegalArgumentException("feature " + feature.name() + " stands twice");
      }
    }
  }

  /** Number of features. */
  public int size() {
    return features.size();
  }

  /**
   * The index of the named feature.
   *
   * @throws IllegalArgumentException when there is none
   */
  public int indexOf(String name) {
    for (int i = 0; i < features.size(); i++) {
      if (features.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no feature " + name);
  }

  /** First 32 hex digits of the SHA-256 over names and kinds in order. */
  public String hash() {
    StringBuilder text = new StringBuilder();
    for (Feature feature : features) {
      text.append(feature.name().length()).append(':').append(feature.name());
      text.append(feature.kind()).append('\n');
    }
    return Hashes.sha256Hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }
}
