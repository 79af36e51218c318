package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Arrays;

/** An immutable array of doubles that can be a record's component: equal when its elements are. */
public final class Numbers implements Serializable {

  private static final long serialVersionUID = 1L;

  private final double[] values;

  private Numbers(double[] values) {
    this.values = values;
  }

  /** A copy of {@code values}. */
  @JsonCreator
  public static Numbers of(double... values) {
    return new Numbers(values.clone());
  }

  /** Number of elements. */
  public int size() {
    return values.length;
  }

  /** The element at {@code index}. */
  public double get(int index) {
    return values[index];
  }

  /** A copy. */
  @JsonValue
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbers numbers && Arrays.equals(values, numbers.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
