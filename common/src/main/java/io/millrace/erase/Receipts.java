package io.millrace.erase;

import static io.millrace.table.TableDefinition.column;

import io.millrace.Hashes;
import io.millrace.config.CanonicalJson;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What erasures did, in the table {@code erasures}, without the person's data. What is planned is
 * written before anything is touched, so that an erasure that was killed is known and ended by the
 * next one of the same person.
 */
public final class Receipts {

  private static final int ID_LENGTH = 12;

  private final SmallTable table;

  public Receipts(Lake lake) {
    this.table = new SmallTable(lake, definition());
  }

  /** What a row tells of. */
  public enum Step {
    PLANNED,
    LEARNED,
    ERASED,
    REMOVED,
    SEARCHED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * A row.
   *
   * @param table table, or folder or file of what is none; empty for the search of all
   * @param before version before the erasure, or -1
   * @param version version that it wrote, the oldest that can be opened, or -1
   */
  public record Entry(
      Step step, String table, long rows, long files, long bytes, long before, long version) {}

  /** The table {@code erasures}. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("run_id", DataTypes.StringType, "The erasure"),
              column("pipeline", DataTypes.StringType, "Always lake"),
              column(
                  "step",
                  DataTypes.StringType,
                  "planned; learned: a model that saw the person; erased: a table; removed: a page"
                      + " or a model's files; searched: the search of all files that found nothing"),
              column("table", DataTypes.StringType, "Table, or folder of what is none"),
              column("columns", DataTypes.StringType, "Columns of the key, without its values"),
              column("reason", DataTypes.StringType, "Why, as a person told it"),
              column("rows", DataTypes.LongType, "Rows found, or taken out"),
              column("files", DataTypes.LongType, "Files found, removed, or searched"),
              column("bytes", DataTypes.LongType, "Bytes of them; searched: after decompression"),
              column("version_before", DataTypes.LongType, "Version before; -1 for none"),
              column("version", DataTypes.LongType, "Oldest version that can be opened; -1: none"),
              column("hash", DataTypes.StringType, "SHA-256 of this row and the hash before it"),
              column("erased_at", DataTypes.TimestampType, "When")
            });
    return new TableDefinition(
        "erasures",
        "Receipts: what was erased where, without whose data it was",
        schema,
        Optional.of("pipeline"),
        List.of("run_id"));
  }

  /**
   * The erasure of a person that is under way, or a new one.
   *
   * @return 12 hex digits that tell nothing to whoever lacks the secret, and how often it was
   */
  public String id(ErasureKey key, Subject subject) {
    String base = key.digest("erasure\0" + subject.canonical()).substring(0, ID_LENGTH);
    long ended =
        rows().stream()
            .filter(row -> ((String) row.get("run_id")).startsWith(base))
            .filter(row -> Step.SEARCHED.word().equals(row.get("step")))
            .map(row -> row.get("run_id"))
            .distinct()
            .count();
    return base + "-" + (ended + 1);
  }

  /** Tables that an erasure has planned, and not yet ended: at the version of its last plan. */
  public Set<String> open(String id) {
    Map<String, Long> open = new TreeMap<>();
    for (Map<String, Object> row : of(id, Step.PLANNED)) {
      open.merge((String) row.get("table"), (Long) row.get("version_before"), Math::max);
    }
    for (Map<String, Object> row : of(id, Step.ERASED)) {
      open.computeIfPresent(
          (String) row.get("table"),
          (table, planned) -> (Long) row.get("version_before") >= planned ? null : planned);
    }
    return open.keySet();
  }

  private List<Map<String, Object>> of(String id, Step step) {
    return rows().stream()
        .filter(row -> id.equals(row.get("run_id")) && step.word().equals(row.get("step")))
        .toList();
  }

  /** All rows, in the order of their chain of hashes as far as times tell. */
  public List<Map<String, Object>> rows() {
    return table.rows();
  }

  /**
   * Adds rows, once however often they are told; an erasure that goes on after it found something
   * left tells of another version, or of another file.
   */
  public void add(String id, Subject subject, String reason, List<Entry> entries) {
    Instant now = Instant.now();
    String last = "";
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Entry entry : entries) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("run_id", id);
      row.put("pipeline", Tombstones.LAKE);
      row.put("step", entry.step().word());
      row.put("table", entry.table());
      row.put("columns", String.join(",", subject.columns()));
      row.put("reason", reason);
      row.put("rows", entry.rows());
      row.put("files", entry.files());
      row.put("bytes", entry.bytes());
      row.put("version_before", entry.before());
      row.put("version", entry.version());
      last = Hashes.sha256Hex(last + CanonicalJson.of(new TreeMap<>(row)));
      row.put("hash", last);
      row.put("erased_at", now);
      rows.add(row);
    }
    table.append(
        Tombstones.LAKE, "erasure/" + id + "/" + Hashes.sha256Hex(entries.toString()), rows);
  }

  /**
   * The last erasure that took a version of a table away.
   *
   * @return its id and its day
   */
  public Optional<String> erased(String name, long version) {
    return after(name, version)
        .max(java.util.Comparator.comparing(row -> (Instant) row.get("erased_at")))
        .map(row -> "erased on %.10s (%s)".formatted(row.get("erased_at"), row.get("run_id")));
  }

  /**
   * The version of a table that holds what is left of an older one.
   *
   * @return the version itself, if no erasure has taken it away
   */
  public long left(String name, long version) {
    return after(name, version).mapToLong(row -> (Long) row.get("version")).max().orElse(version);
  }

  /** Erasures that took a version of a table away. */
  private Stream<Map<String, Object>> after(String name, long version) {
    return rows().stream()
        .filter(row -> Step.ERASED.word().equals(row.get("step")) && name.equals(row.get("table")))
        .filter(row -> (Long) row.get("version") > version);
  }
}
