package io.millrace.jobs;

import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.features.RowReach;
import io.millrace.jobs.ForwardTrace.Reading;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** Narrows what a slice reached to the entities that a row of it reached. */
final class RowsReached {

  private RowsReached() {}

  /**
   * Gives each run of features its entities, and takes those out that the row reached none of.
   *
   * @param features by run id; those that concern all rows stay as they are
   * @param row true of the rows
   */
  static void narrow(Map<String, Reading> features, String source, Column row) {
    Map<String, List<Reading>> groups = new LinkedHashMap<>();
    for (Reading reading : features.values()) {
      if (!reading.whole()) {
        String key =
            System.identityHashCode(reading.read().orElseThrow().work())
                + " "
                + reading.run().read();
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(reading);
      }
    }
    groups.values().forEach(group -> narrow(group, features, source, row));
  }

  /** One query for all dates that read the same versions. */
  private static void narrow(
      List<Reading> group, Map<String, Reading> features, String source, Column row) {
    FeatureSources sources = group.get(0).read().orElseThrow().sources();
    Map<LocalDate, FeatureReach> reaches = new TreeMap<>();
    group.forEach(
        reading -> reaches.put(reading.run().date(), reading.read().orElseThrow().reach()));
    Map<LocalDate, Set<String>> entities = new TreeMap<>();
    for (Row found : new RowReach(sources, reaches).reached(source, row).collectAsList()) {
      LocalDate date = LocalDate.parse(found.get(0).toString());
      entities.computeIfAbsent(date, d -> new TreeSet<>()).add(entity(found));
    }
    for (Reading reading : group) {
      Set<String> theirs = entities.getOrDefault(reading.run().date(), Set.of());
      if (theirs.isEmpty()) {
        features.remove(reading.run().id());
      } else {
        features.put(reading.run().id(), new Reading(reading.run(), reading.read(), false, theirs));
      }
    }
  }

  private static String entity(Row row) {
    List<String> parts = new ArrayList<>();
    for (int i = 1; i < row.size(); i++) {
      parts.add(row.schema().fieldNames()[i] + "=" + row.get(i));
    }
    return String.join(", ", parts);
  }
}
