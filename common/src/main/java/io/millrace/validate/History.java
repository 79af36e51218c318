package io.millrace.validate;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Slices in the order of their days: those of before, and those that are judged together, so that a
 * slice's verdict is the same whether others are judged with it or before it.
 */
final class History {

  private record Place(LocalDate day, String runId) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byDay = day.compareTo(other.day);
      return byDay != 0 ? byDay : runId.compareTo(other.runId);
    }
  }

  /** Columns by name of each slice. */
  private final TreeMap<Place, Map<String, ColumnMeasures>> slices = new TreeMap<>();

  private final Map<String, Long> rows;

  /**
   * A history.
   *
   * @param found profiles of the slices that are judged
   * @param rows their rows by run id
   */
  History(ValidateContext context, List<Profile> found, Map<String, Long> rows) {
    this.rows = new HashMap<>(rows);
    context.slices().forEach(s -> slices.put(new Place(s.day(), s.runId()), new HashMap<>()));
    List<Profile> all = new ArrayList<>(context.history());
    all.addAll(found);
    for (Profile profile : all) {
      if (profile.sliceColumn().isEmpty()) {
        Place place = new Place(profile.day(), profile.sliceRunId());
        slices
            .computeIfAbsent(place, p -> new HashMap<>())
            .put(profile.column(), profile.measures());
        this.rows.putIfAbsent(profile.sliceRunId(), profile.measures().rows());
      }
    }
  }

  /**
   * One slice of before.
   *
   * @param rows its rows
   * @param columns what was measured, by column
   */
  record Earlier(long rows, Map<String, ColumnMeasures> columns) {}

  /** The last slices of days before one, oldest first. */
  List<Earlier> before(LocalDate day, int most) {
    List<Earlier> before = new ArrayList<>();
    slices
        .headMap(new Place(day, ""))
        .forEach((place, columns) -> before.add(new Earlier(rows.get(place.runId()), columns)));
    return before.subList(Math.max(0, before.size() - most), before.size());
  }
}
