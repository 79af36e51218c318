package io.millrace.jobs;

import static org.apache.spark.sql.functions.lit;

import io.millrace.label.LabelBuilder;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import java.time.Duration;
import java.time.LocalDate;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** At which dates the labels of released predictions became known. */
final class LabelArrivals {

  private final Work work;
  private final NavigableMap<LocalDate, Set<LocalDate>> dates;

  private LabelArrivals(Work work, NavigableMap<LocalDate, Set<LocalDate>> dates) {
    this.work = work;
    this.dates = dates;
  }

  /** How long an outcome takes to show. */
  static Duration after(Work work) {
    return work.spec().label().orElseThrow().after();
  }

  /**
   * What arrived on a date or later. One join by Spark.
   *
   * @param first {@link #at} tells of dates from this one on
   */
  static LabelArrivals since(
      Work work, LocalDate first, PinnedTable labels, PinnedTable predictions) {
    Column wanted = Columns.named(LabelBuilder.KNOWN_AT).geq(day(first));
    if (!after(work).isZero()) {
      wanted = wanted.or(Columns.named("date").gt(day(matureBefore(work, first))));
    }
    Dataset<Row> pairs =
        predictions
            .read()
            .join(
                labels.read().drop("run_id"),
                CollectionConverters.asScala(LabelBuilder.entity(work.spec())).toSeq())
            .where(wanted)
            .select(LabelBuilder.KNOWN_AT, "date")
            .distinct();
    NavigableMap<LocalDate, Set<LocalDate>> dates = new TreeMap<>();
    for (Row pair : pairs.collectAsList()) {
      dates
          .computeIfAbsent(pair.getDate(0).toLocalDate(), day -> new TreeSet<>())
          .add(pair.getDate(1).toLocalDate());
    }
    return new LabelArrivals(work, dates);
  }

  /**
   * The dates of predictions of which labels came on a date, or had come before and are old enough
   * since then.
   */
  SortedSet<LocalDate> at(LocalDate knownAt) {
    SortedSet<LocalDate> at = new TreeSet<>(dates.getOrDefault(knownAt, Set.of()));
    if (!after(work).isZero()) {
      LocalDate before = matureBefore(work, knownAt);
      for (Set<LocalDate> came : dates.headMap(knownAt).values()) {
        came.stream().filter(date -> date.isAfter(before)).forEach(at::add);
      }
    }
    LocalDate last = mature(work, knownAt);
    at.removeIf(date -> date.isAfter(last));
    return at;
  }

  /** The last date whose labels count at a date. */
  private static LocalDate mature(Work work, LocalDate date) {
    return work.spec().label().orElseThrow().lastMature(date, work.spec().every());
  }

  private static LocalDate matureBefore(Work work, LocalDate date) {
    return mature(work, work.spec().every().start(date.minusDays(1)));
  }

  private static Column day(LocalDate date) {
    return lit(java.sql.Date.valueOf(date));
  }
}
