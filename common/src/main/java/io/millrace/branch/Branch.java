package io.millrace.branch;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A branch, as its record says.
 *
 * @param id tells it from an earlier one of its name
 * @param versions the version of main at which it reads each table that it hasn't written
 */
public record Branch(String name, String id, Instant createdAt, Map<String, Long> versions) {

  private static final int FOLDER_ID = 8;

  public Branch {
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }

  /**
   * The name of its folder. Who works on a branch that was dropped since writes nothing into a
   * later one of the name.
   */
  String folder() {
    return folder(name, id);
  }

  /** The folder of a branch that may have been dropped. */
  static String folder(String name, String id) {
    // Ids had hyphens while folders had no id.
    return id.contains("-") ? name : name + "-" + id.substring(0, FOLDER_ID);
  }
}
