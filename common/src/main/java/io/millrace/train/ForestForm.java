package io.millrace.train;

import io.millrace.model.Encoder;
import io.millrace.model.Encoders;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * Slots as MLlib's trees take them. They know nothing of missing numbers, so that one stands below
 * all others, and a missing category is a category of its own.
 */
final class ForestForm implements MllibRows.Form {

  private static final long serialVersionUID = 1L;

  /** Below every number that an encoder gives. */
  private static final double MISSING = -0x1p127;

  /** Weights are multiples of it, so that MLlib's sums of weights are exact in any order. */
  private static final double WEIGHT_UNIT = 0x1p-20;

  private final int[] categories;

  /** By the encoders' slots. */
  ForestForm(Encoders encoders) {
    categories = new int[encoders.slots()];
    int slot = 0;
    for (Encoder encoder : encoders.encoders()) {
      if (encoder instanceof Encoder.Ordinal ordinal) {
        categories[slot] = ordinal.levels().size() + 2;
      }
      slot += encoder.width();
    }
  }

  /** Number of slots. */
  int slots() {
    return categories.length;
  }

  /** The code of a missing category; -1 for a slot that holds numbers. */
  int missingCode(int slot) {
    return categories[slot] - 1;
  }

  /** Bins that the widest category needs. */
  int bins() {
    int most = 2;
    for (int n : categories) {
      most = Math.max(most, n);
    }
    return most;
  }

  /** Which slots are categories. */
  AttributeGroup attributes() {
    List<Attribute> attributes = new ArrayList<>();
    for (int i = 0; i < categories.length; i++) {
      attributes.add(
          categories[i] == 0
              ? NumericAttribute.defaultAttr().withIndex(i)
              : NominalAttribute.defaultAttr().withIndex(i).withNumValues(categories[i]));
    }
    return new AttributeGroup(MllibRows.FEATURES, attributes.toArray(Attribute[]::new));
  }

  @Override
  public Vector vector(float[] slots) {
    double[] values = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      double missing = categories[i] == 0 ? MISSING : missingCode(i);
      values[i] = Float.isNaN(slots[i]) ? missing : slots[i];
    }
    return Vectors.dense(values);
  }

  @Override
  public double weight(double weight) {
    return weight == 0 ? 0 : Math.max(1, Math.rint(weight / WEIGHT_UNIT)) * WEIGHT_UNIT;
  }
}
