package io.millrace.label;

import io.millrace.config.Every;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SourceSpec;
import io.millrace.table.Columns;
import io.millrace.table.DataFile;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * The raw rows that a run reads, found from the log alone.
 *
 * @param where chooses the rows in Spark, by partition where that is possible; made when asked for,
 *     since not all who look at a log have Spark
 * @param runIds runs of the slices that hold them
 * @param rows how many rows those slices hold
 * @param files how many data files
 * @param bytes of those files
 */
public record RawSlices(
    Supplier<Column> where, Set<String> runIds, long rows, int files, long bytes) {

  /** Chooses the rows in Spark. */
  public Column filter() {
    return where.get();
  }

  /** Events whose time falls in the period of a date. */
  public static RawSlices ofPeriod(PinnedTable raw, Every every, LocalDate date) {
    return ofDays(raw, date, every.next(date));
  }

  /**
   * Rows of some days.
   *
   * @param from the first day
   * @param to the day after the last
   */
  public static RawSlices ofDays(PinnedTable raw, LocalDate from, LocalDate to) {
    return select(
        raw,
        () -> {
          Column day = Columns.named(RawColumns.DAY);
          return day.geq(functions.lit(from)).and(day.lt(functions.lit(to)));
        },
        file -> !dayOf(file).isBefore(from) && dayOf(file).isBefore(to));
  }

  /** Rows that the ingests of one logical date brought. */
  public static RawSlices ingestedOn(PinnedTable raw, LocalDate date) {
    return select(
        raw,
        () ->
            Columns.named(RawColumns.INGESTED).equalTo(functions.lit(java.sql.Date.valueOf(date))),
        file -> ingestedOf(file).equals(date));
  }

  /**
   * All that is known of every entity at a date: the last snapshot, or all appended rows.
   *
   * @return empty where nothing is known yet
   */
  public static Optional<RawSlices> knownAt(
      PinnedTable raw, SourceSpec source, Every every, LocalDate date) {
    if (source.load() == SourceSpec.Load.SNAPSHOT) {
      return lastSnapshot(raw, every, date).map(day -> ofPeriod(raw, Every.DAY, day));
    }
    LocalDate end = every.next(date);
    RawSlices slices =
        source.time().isPresent()
            ? select(
                raw,
                () -> Columns.named(RawColumns.DAY).lt(functions.lit(java.sql.Date.valueOf(end))),
                file -> dayOf(file).isBefore(end))
            : select(
                raw,
                () ->
                    Columns.named(RawColumns.INGESTED)
                        .lt(functions.lit(java.sql.Date.valueOf(end))),
                file -> ingestedOf(file).isBefore(end));
    return slices.runIds().isEmpty() ? Optional.empty() : Optional.of(slices);
  }

  /** The day of the last snapshot that is known at a date. */
  public static Optional<LocalDate> lastSnapshot(PinnedTable raw, Every every, LocalDate date) {
    LocalDate end = every.next(date);
    return raw.files().stream()
        .map(RawSlices::dayOf)
        .filter(day -> day.isBefore(end))
        .max(LocalDate::compareTo);
  }

  /** What the run of a date reads of the population's source. */
  public static Optional<RawSlices> ofPopulation(
      PinnedTable raw, SourceSpec source, Per per, Every every, LocalDate date) {
    return per == Per.EVENT
        ? Optional.of(ofPeriod(raw, every, date))
        : knownAt(raw, source, every, date);
  }

  /** Logical dates of ingests up to a date, oldest first. */
  public static List<LocalDate> ingestDates(PinnedTable raw, LocalDate date) {
    return raw.files().stream()
        .map(RawSlices::ingestedOf)
        .filter(day -> !day.isAfter(date))
        .distinct()
        .sorted()
        .toList();
  }

  /** Logical dates up to a date whose periods hold rows, oldest first. */
  public static List<LocalDate> eventDates(PinnedTable raw, Every every, LocalDate date) {
    return raw.files().stream()
        .map(file -> every.start(dayOf(file)))
        .filter(day -> !day.isAfter(date))
        .distinct()
        .sorted()
        .toList();
  }

  private static RawSlices select(
      PinnedTable raw, Supplier<Column> filter, Predicate<DataFile> chosen) {
    Set<String> runIds = new TreeSet<>();
    long rows = 0;
    int files = 0;
    long bytes = 0;
    for (DataFile file : raw.files()) {
      if (chosen.test(file)) {
        runIds.addAll(file.runIds());
        rows += file.rows();
        files++;
        bytes += file.bytes();
      }
    }
    return new RawSlices(filter, runIds, rows, files, bytes);
  }

  private static LocalDate dayOf(DataFile file) {
    return LocalDate.parse(file.partition().get(RawColumns.DAY));
  }

  private static LocalDate ingestedOf(DataFile file) {
    return LocalDate.parse(file.minimums().get(RawColumns.INGESTED));
  }
}
