package io.millrace.branch;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A branch, as its record says.
 *
 * @param versions the version of main at which it reads each table that it hasn't written
 */
public record Branch(String name, Instant createdAt, Map<String, Long> versions) {

  public Branch {
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }
}
