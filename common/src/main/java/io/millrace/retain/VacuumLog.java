package io.millrace.retain;

import static io.millrace.table.TableDefinition.column;

import io.millrace.UnavailableException;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The record of vacuums, and what keeps two of them from working at once. */
public final class VacuumLog {

  /** One that has given no sign for so long counts as killed. */
  static final Duration SILENCE = Duration.ofHours(1);

  private static final Duration SIGN = Duration.ofMinutes(15);
  private static final int TRIES = 10;

  private final SmallTable table;

  public VacuumLog(Lake lake) {
    this.table = new SmallTable(lake, definition());
  }

  /** What a row tells. */
  enum Event {
    BEGAN,
    DELETES,
    DELETED,
    WORKS,
    ENDED
  }

  /** The table {@code vacuums}. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("vacuum", DataTypes.StringType, "Identity of the vacuum"),
              column("pipeline", DataTypes.StringType, "lake: a vacuum belongs to no pipeline"),
              column(
                  "event",
                  DataTypes.StringType,
                  "began, deletes (before a table), deleted (after it), works (a sign of life) or"
                      + " ended"),
              column("table", DataTypes.StringType, "Table; null where it is of none"),
              column("files", DataTypes.LongType, "Files to be deleted, or that were"),
              column("bytes", DataTypes.LongType, "Their size"),
              column("files_kept", DataTypes.LongType, "Data files of the table that stay"),
              column("bytes_kept", DataTypes.LongType, "Their size"),
              column("retain", DataTypes.StringType, "How long what was current is kept"),
              column("grace", DataTypes.StringType, "How long a command may take"),
              column("vacuumed_at", DataTypes.TimestampType, "When")
            });
    return new TableDefinition(
        "vacuums",
        "What vacuum deleted: one row before and one after each table",
        schema,
        Optional.of("pipeline"),
        List.of("vacuum"));
  }

  /** When a vacuum began that hasn't ended yet and has lately given a sign; empty where none. */
  public Optional<Instant> underWay(Instant now) {
    Map<String, Instant> began = new LinkedHashMap<>();
    Map<String, Instant> signs = new LinkedHashMap<>();
    for (Map<String, Object> row : rows()) {
      String vacuum = (String) row.get("vacuum");
      Instant at = (Instant) row.get("vacuumed_at");
      began.putIfAbsent(vacuum, at);
      signs.put(vacuum, at);
      if (row.get("event").equals(text(Event.ENDED))) {
        signs.remove(vacuum);
      }
    }
    return signs.entrySet().stream()
        .filter(sign -> sign.getValue().isAfter(now.minus(SILENCE)))
        .map(sign -> began.get(sign.getKey()))
        .findFirst();
  }

  /** When a vacuum first deleted files of a table after a moment. */
  public Optional<Instant> deletedSince(String name, Instant moment) {
    return rows().stream()
        .filter(row -> name.equals(row.get("table")))
        .map(row -> (Instant) row.get("vacuumed_at"))
        .filter(at -> at.isAfter(moment))
        .findFirst();
  }

  private List<Map<String, Object>> rows() {
    return table.rows().stream()
        .sorted(Comparator.comparing((Map<String, Object> row) -> (Instant) row.get("vacuumed_at")))
        .toList();
  }

  /**
   * Begins a vacuum.
   *
   * @throws UnavailableException where another one is at work
   */
  public Running begin(Rules rules) {
    for (int i = 0; i < TRIES; i++) {
      long readVersion = table.version();
      underWay(Instant.now())
          .ifPresent(
              since -> {
                throw new UnavailableException(
                    ("vacuum: another one has been at work since %s; wait until it ends"
                            + " (one that was killed counts for an hour)")
                        .formatted(since.truncatedTo(ChronoUnit.SECONDS)));
              });
      Running running = new Running(UUID.randomUUID().toString(), rules);
      if (table
          .appendAt(
              PinLog.LAKE,
              readVersion,
              running.vacuum + "/0",
              List.of(running.row(Event.BEGAN, Optional.empty())))
          .isPresent()) {
        return running;
      }
    }
    throw new UnavailableException("vacuums: other processes kept writing it; try again");
  }

  private static String text(Event event) {
    return event.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** A vacuum that has begun. */
  public final class Running {

    private final String vacuum;
    private final Rules rules;
    private int written;
    private Instant last = Instant.now();

    private Running(String vacuum, Rules rules) {
      this.vacuum = vacuum;
      this.rules = rules;
    }

    /** Before the files of a table go. */
    void deletes(TablePlan plan) {
      write(row(Event.DELETES, Optional.of(plan)));
    }

    /** When they are gone. */
    void deleted(TablePlan plan, long files, long bytes) {
      Map<String, Object> row = row(Event.DELETED, Optional.of(plan));
      row.put("files", files);
      row.put("bytes", bytes);
      write(row);
    }

    /** Says that it still works, where it hasn't for a while. */
    void works() {
      if (last.isBefore(Instant.now().minus(SIGN))) {
        write(row(Event.WORKS, Optional.empty()));
      }
    }

    /** Says that it has ended. */
    public void end() {
      write(row(Event.ENDED, Optional.empty()));
    }

    private void write(Map<String, Object> row) {
      table.append(PinLog.LAKE, vacuum + "/" + ++written, List.of(row));
      last = Instant.now();
    }

    private Map<String, Object> row(Event event, Optional<TablePlan> plan) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("vacuum", vacuum);
      row.put("pipeline", PinLog.LAKE);
      row.put("event", text(event));
      row.put("retain", io.millrace.config.Spans.text(rules.retain()));
      row.put("grace", io.millrace.config.Spans.text(rules.grace()));
      row.put("vacuumed_at", Instant.now());
      plan.ifPresent(
          told -> {
            row.put("table", told.table());
            row.put("files", told.deletable().files());
            row.put("bytes", told.deletable().bytes());
            row.put("files_kept", told.kept().files());
            row.put("bytes_kept", told.kept().bytes());
          });
      return row;
    }
  }
}
