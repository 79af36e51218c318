package io.millrace.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One encoder per feature of a schema; slots stand in the features' order. */
public record Encoders(FeatureSchema schema, List<Encoder> encoders) implements Serializable {

  public Encoders {
    encoders = List.copyOf(encoders);
    if (encoders.size() != schema.size()) {
      throw new IllegalArgumentException(
          schema.size() + " features, but " + encoders.size() + " encoders");
    }
  }

  /** Number of slots of a row. */
  public int slots() {
    int slots = 0;
    for (Encoder encoder : encoders) {
      slots += encoder.width();
    }
    return slots;
  }

  /** Fills {@code slots}, which has {@link #slots} elements. */
  public void encode(RawRow row, float[] slots) {
    int offset = 0;
    for (int feature = 0; feature < encoders.size(); feature++) {
      Encoder encoder = encoders.get(feature);
      encoder.encode(row, feature, slots, offset);
      offset += encoder.width();
    }
  }

  /** Names of the slots, in order. */
  public List<String> slotNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < encoders.size(); i++) {
      names.addAll(encoders.get(i).slotNames(schema.features().get(i).name()));
    }
    return List.copyOf(names);
  }

  /** XGBoost's type of each slot: {@code q} for a quantity, {@code c} for a category's code. */
  public List<String> slotTypes() {
    List<String> types = new ArrayList<>();
    for (Encoder encoder : encoders) {
      types.addAll(Collections.nCopies(encoder.width(), encoder.coded() ? "c" : "q"));
    }
    return List.copyOf(types);
  }

  /** Index of the feature that each slot comes from. */
  public int[] slotFeatures() {
    int[] features = new int[slots()];
    int slot = 0;
    for (int i = 0; i < encoders.size(); i++) {
      for (int k = 0; k < encoders.get(i).width(); k++) {
        features[slot++] = i;
      }
    }
    return features;
  }

  /** Features that said nothing in training, with the reason. */
  public Map<String, String> dropped() {
    Map<String, String> dropped = new LinkedHashMap<>();
    for (int i = 0; i < encoders.size(); i++) {
      if (encoders.get(i) instanceof Encoder.Dropped d) {
        dropped.put(schema.features().get(i).name(), d.reason());
      }
    }
    return Collections.unmodifiableMap(dropped);
  }
}
