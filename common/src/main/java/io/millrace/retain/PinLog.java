package io.millrace.retain;

import static io.millrace.table.TableDefinition.column;

import io.millrace.UnavailableException;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** People's pins: a log that is only added to. */
public final class PinLog {

  /** Pins are of the lake; the column is how small tables are partitioned. */
  static final String LAKE = "lake";

  private static final int TRIES = 10;

  private final SmallTable table;

  public PinLog(Lake lake) {
    this.table = new SmallTable(lake, definition());
  }

  /**
   * A line of it that holds.
   *
   * @param table a table, or the folder of a model
   * @param version the table's; -1 for a model
   * @param until the last day on which it holds
   */
  public record Entry(
      String pin,
      String table,
      long version,
      Optional<LocalDate> until,
      String reason,
      Instant at) {

    /** What is pinned, as one writes it. */
    public String what() {
      return version < 0 ? table : table + "@" + version;
    }
  }

  /** The table {@code pins}. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("pin", DataTypes.StringType, "Its name"),
              column("pipeline", DataTypes.StringType, "lake: pins belong to no pipeline"),
              column("position", DataTypes.LongType, "Place in the log"),
              column("action", DataTypes.StringType, "add or remove"),
              column("table", DataTypes.StringType, "Table, or folder of a model"),
              column("version", DataTypes.LongType, "Its version; -1 for a model"),
              column("until", DataTypes.DateType, "Last day on which it holds; null: no end"),
              column("reason", DataTypes.StringType, "Why, as the person said; else empty"),
              column("pinned_at", DataTypes.TimestampType, "When it was written")
            });
    return new TableDefinition(
        "pins",
        "The log of people's pins: of each pin, table and version the row with the greatest"
            + " position counts",
        schema,
        Optional.of("pipeline"),
        List.of("pin"));
  }

  /** The pins that stand, in the order of their log, also those whose end has come. */
  public List<Entry> entries() {
    return entries(rows());
  }

  /** The log's version; -1 where nobody has pinned anything. */
  public long version() {
    return table.version();
  }

  private List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>(table.rows());
    rows.sort(Comparator.comparing(row -> (Long) row.get("position")));
    return rows;
  }

  private static List<Entry> entries(List<Map<String, Object>> rows) {
    Map<String, Entry> standing = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      Entry entry =
          new Entry(
              (String) row.get("pin"),
              (String) row.get("table"),
              (Long) row.get("version"),
              Optional.ofNullable((LocalDate) row.get("until")),
              (String) row.get("reason"),
              (Instant) row.get("pinned_at"));
      String key = entry.pin() + " " + entry.what();
      standing.remove(key);
      if (row.get("action").equals("add")) {
        standing.put(key, entry);
      }
    }
    return List.copyOf(standing.values());
  }

  /**
   * Adds pins; one that stands already with the same end and reason is left as it is.
   *
   * @return how many were added or changed
   */
  public int add(List<Entry> entries) {
    return write(
        standing ->
            entries.stream()
                .filter(entry -> standing.stream().noneMatch(one -> same(one, entry)))
                .map(entry -> row("add", entry))
                .toList());
  }

  private static boolean same(Entry one, Entry other) {
    return one.pin().equals(other.pin())
        && one.what().equals(other.what())
        && one.until().equals(other.until())
        && one.reason().equals(other.reason());
  }

  /**
   * Takes a pin back.
   *
   * @param whats what of it, as {@link Entry#what} says; none for all
   * @return how many lines were taken back
   */
  public int remove(String pin, List<String> whats) {
    return write(
        standing ->
            standing.stream()
                .filter(entry -> entry.pin().equals(pin))
                .filter(entry -> whats.isEmpty() || whats.contains(entry.what()))
                .map(entry -> row("remove", entry))
                .toList());
  }

  private static Map<String, Object> row(String action, Entry entry) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("pin", entry.pin());
    row.put("pipeline", LAKE);
    row.put("action", action);
    row.put("table", entry.table());
    row.put("version", entry.version());
    row.put("until", entry.until().orElse(null));
    row.put("reason", entry.reason());
    return row;
  }

  /** By compare-and-swap, so that each row has a place of its own. */
  private int write(java.util.function.Function<List<Entry>, List<Map<String, Object>>> make) {
    for (int i = 0; i < TRIES; i++) {
      long readVersion = table.version();
      List<Map<String, Object>> log = rows();
      List<Map<String, Object>> made = make.apply(entries(log));
      if (made.isEmpty()) {
        return 0;
      }
      long position = log.isEmpty() ? 0 : (Long) log.get(log.size() - 1).get("position");
      for (Map<String, Object> row : made) {
        row.put("position", ++position);
        row.put("pinned_at", Instant.now());
      }
      if (table.appendAt(LAKE, readVersion, "pin/" + UUID.randomUUID(), made).isPresent()) {
        return made.size();
      }
    }
    throw new UnavailableException(
        "pins: other processes kept writing it; nothing was pinned, try again");
  }
}
