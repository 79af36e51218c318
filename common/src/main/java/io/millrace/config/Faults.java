package io.millrace.config;

import io.millrace.SpecException;
import java.util.LinkedHashSet;
import java.util.Set;

/** All faults of one spec, in the order in which they were found, to be reported together. */
final class Faults {

  private final Set<String> lines = new LinkedHashSet<>();
  private Tree root;

  /**
   * @param origin where the spec was written; stands in for keys that no file holds
   */
  Faults(String origin) {
    this.root = new Tree.Text("", "", true, origin);
  }

  /** From now on keys are looked up here for the place where they were written. */
  void locateIn(Tree tree) {
    root = tree;
  }

  /** Adds {@code origin: path: fault; mend}. */
  void add(KeyPath path, String faultAndMend) {
    String key = path.segments().isEmpty() ? "" : path + ": ";
    lines.add(root.originOf(path) + ": " + key + faultAndMend);
  }

  /** A place that isn't in the tree. */
  record Place(String origin, String path) {}

  /** Adds {@code origin: path: fault; mend}. */
  void add(Place place, String faultAndMend) {
    lines.add(place.origin() + ": " + place.path() + ": " + faultAndMend);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /**
   * @throws SpecException with one line for each fault, if there is any
   */
  void stop() {
    if (!lines.isEmpty()) {
      throw new SpecException(String.join("\n", lines));
    }
  }
}
