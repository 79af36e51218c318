package io.millrace.table;

import static io.millrace.table.TableDefinition.column;

import io.millrace.Hashes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The merges of a lake: an intent says which tables will move, a finish that they have or never
 * will. At most one merge is between the two.
 */
public final class MergeLog {

  static final String TABLE = "merges";

  static final String UNDONE = "undone";

  private static final String INTENT = "intent";

  private final SmallTable table;
  private final Lake lake;

  MergeLog(Lake lake) {
    this.lake = lake;
    this.table = new SmallTable(lake, definition());
  }

  /**
   * A table that a merge moves.
   *
   * @param before its version without the merge; -1 where it isn't there
   * @param after its version with it
   */
  public record Move(String table, long before, long after) {}

  /**
   * What a merge is about to do.
   *
   * @param id hash of what it merges
   * @param rehearsal the folder below main where its commits are prepared
   */
  public record Intent(String id, String branch, String rehearsal, List<Move> moves) {
    public Intent {
      moves = List.copyOf(moves);
    }
  }

  /** The table of merges. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("pipeline", DataTypes.StringType, "Branch; the partition of this table"),
              column(
                  "merge_id", DataTypes.StringType, "Hash of the versions and of what was taken"),
              column("event", DataTypes.StringType, "intent, landed or undone"),
              column("table", DataTypes.StringType, "Table that the merge moves; empty at the end"),
              column("version_before", DataTypes.LongType, "Its version before; -1 for none"),
              column("version_after", DataTypes.LongType, "Its version once it has landed"),
              column(
                  "message",
                  DataTypes.StringType,
                  "Why it was undone; of an intent, the folder where its commits are prepared"),
              column("written_at", DataTypes.TimestampType, "When")
            });
    return new TableDefinition(
        TABLE,
        "What merges were about to do and did; while the newest intent has no end, our commands"
            + " read the versions of before it",
        schema,
        Optional.of("pipeline"),
        List.of("merge_id"));
  }

  /** The merge that has begun and not ended. */
  Optional<Intent> open() {
    return lake.newest(TABLE).flatMap(MergeLog::open);
  }

  static Optional<Intent> open(PinnedTable merges) {
    List<Map<String, Object>> rows = merges.rows();
    return intents(rows, ended(rows)).stream().findFirst();
  }

  /** Ids of the merges that have ended. */
  Set<String> ended() {
    return lake.newest(TABLE).map(merges -> ended(merges.rows())).orElse(Set.of());
  }

  /** Merges that have begun, in their order, but for some. */
  List<Intent> begun(Set<String> without) {
    return lake.newest(TABLE).map(merges -> intents(merges.rows(), without)).orElse(List.of());
  }

  private static Set<String> ended(List<Map<String, Object>> rows) {
    return rows.stream()
        .filter(row -> !INTENT.equals(row.get("event")))
        .map(row -> (String) row.get("merge_id"))
        .collect(Collectors.toSet());
  }

  private static List<Intent> intents(List<Map<String, Object>> rows, Set<String> without) {
    Map<String, List<Map<String, Object>>> begun = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> INTENT.equals(row.get("event")) && !without.contains(row.get("merge_id")))
        .forEach(
            row ->
                begun
                    .computeIfAbsent((String) row.get("merge_id"), id -> new ArrayList<>())
                    .add(row));
    return begun.entrySet().stream().map(one -> intent(one.getKey(), one.getValue())).toList();
  }

  private static Intent intent(String id, List<Map<String, Object>> rows) {
    List<Move> moves =
        rows.stream()
            .map(
                row ->
                    new Move(
                        (String) row.get("table"),
                        (Long) row.get("version_before"),
                        (Long) row.get("version_after")))
            .toList();
    String folder = (String) rows.get(0).get("message");
    return new Intent(
        id,
        (String) rows.get(0).get("pipeline"),
        folder.isEmpty() ? Landing.rehearsal(id) : folder,
        moves);
  }

  /** Whether a merge has landed. */
  boolean hasLanded(String id) {
    return table.rows().stream()
        .anyMatch(row -> id.equals(row.get("merge_id")) && "landed".equals(row.get("event")));
  }

  /** The id; as long as the merge of it was undone, the next one that follows from it. */
  String unlessUndone(String id) {
    Set<Object> undone =
        table.rows().stream()
            .filter(row -> UNDONE.equals(row.get("event")))
            .map(row -> row.get("merge_id"))
            .collect(Collectors.toSet());
    String next = id;
    while (undone.contains(next)) {
      next = Hashes.sha256Hex(next).substring(0, id.length());
    }
    return next;
  }

  /**
   * Begins.
   *
   * @return false where another merge has begun or ended since
   */
  boolean begin(Intent intent, long readVersion) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Move move : intent.moves()) {
      Map<String, Object> row = row(intent, INTENT, intent.rehearsal());
      row.put("table", move.table());
      row.put("version_before", move.before());
      row.put("version_after", move.after());
      rows.add(row);
    }
    return table.appendAt(intent.branch(), readVersion, token(intent, INTENT), rows).isPresent();
  }

  /** The version of the log that a merge begins at; the log is made where there is none. */
  long version() {
    TableCreation.ensure(lake, definition());
    return table.version();
  }

  /** Ends; once, whoever says so. */
  void end(Intent intent, String event, String message) {
    table.append(intent.branch(), token(intent, "end"), List.of(row(intent, event, message)));
  }

  private static Map<String, Object> row(Intent intent, String event, String message) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("pipeline", intent.branch());
    row.put("merge_id", intent.id());
    row.put("event", event);
    row.put("table", "");
    row.put("version_before", null);
    row.put("version_after", null);
    row.put("message", message);
    row.put("written_at", Instant.now());
    return row;
  }

  private static String token(Intent intent, String event) {
    return "merge/" + intent.id() + "/" + event;
  }
}
