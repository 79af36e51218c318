package io.millrace.config;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Copies of maps that every run iterates in the same order. */
final class SortedMaps {

  private SortedMaps() {}

  /**
   * An immutable copy in the order of its keys. {@code Map.copyOf} has another order in every
   * process, and the order of the file isn't part of a run's id: either could change a result that
   * the id calls unchanged.
   */
  static <V> Map<String, V> copyOf(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
