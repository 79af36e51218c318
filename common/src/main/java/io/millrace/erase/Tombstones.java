package io.millrace.erase;

import static io.millrace.table.TableDefinition.column;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import io.millrace.SpecException;
import io.millrace.table.Columns;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Who must not come back, without saying who that is. */
public final class Tombstones {

  /** The partition of tables that are of the lake rather than of a pipeline. */
  static final String LAKE = "lake";

  private static final String CELLS = "[,;:|{}\t\"' ]+";
  private static final String SEPARATORS = "[,;|\t]";

  private final Map<List<String>, Set<String>> digests;
  private final Optional<ErasureKey> key;
  private final Map<String, Set<String>> except;

  private Tombstones(
      Map<List<String>, Set<String>> digests,
      Map<String, Set<String>> except,
      Optional<ErasureKey> key) {
    this.digests = digests;
    this.except = except;
    this.key = key;
  }

  /** The table {@code tombstones}. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("run_id", DataTypes.StringType, "Erasure that set it"),
              column("pipeline", DataTypes.StringType, "Always lake"),
              column("columns", DataTypes.StringType, "Columns of the key, with commas between"),
              column("digest", DataTypes.StringType, "HMAC-SHA256 of the key"),
              column("except", DataTypes.StringType, "Tables in which it means something else"),
              column("key_mark", DataTypes.StringType, "What tells the secret from another"),
              column("set_at", DataTypes.TimestampType, "When")
            });
    return new TableDefinition(
        "tombstones",
        "Who was erased and must not come back, as keyed hashes",
        schema,
        Optional.of("pipeline"),
        List.of("run_id"));
  }

  /**
   * The tombstones of a lake; without any, the environment isn't asked.
   *
   * @throws SpecException where there are some and the environment lacks their key
   */
  public static Tombstones of(Lake lake, Map<String, String> environment) {
    List<Map<String, Object>> rows = new SmallTable(lake, definition()).rows();
    if (rows.isEmpty()) {
      return new Tombstones(Map.of(), Map.of(), Optional.empty());
    }
    ErasureKey key = ErasureKey.of(environment, "persons were erased from this lake");
    rows.forEach(row -> requireSame(key, row));
    Map<List<String>, Set<String>> digests = new LinkedHashMap<>();
    Map<String, Set<String>> except = new TreeMap<>();
    for (Map<String, Object> row : newest(rows).values()) {
      List<String> columns = Arrays.asList(((String) row.get("columns")).split(","));
      digests.computeIfAbsent(columns, any -> new TreeSet<>()).add((String) row.get("digest"));
      for (String table : ((String) row.get("except")).split(",")) {
        except.computeIfAbsent(table, any -> new TreeSet<>()).add((String) row.get("digest"));
      }
    }
    return new Tombstones(digests, except, Optional.of(key));
  }

  /** The last one of each person: erased again, it may mean the person in other tables too. */
  private static Map<String, Map<String, Object>> newest(List<Map<String, Object>> rows) {
    Map<String, Map<String, Object>> newest = new LinkedHashMap<>();
    rows.stream()
        .sorted(Comparator.comparing(row -> (Instant) row.get("set_at")))
        .forEach(row -> newest.put((String) row.get("digest"), row));
    return newest;
  }

  private static void requireSame(ErasureKey key, Map<String, Object> row) {
    if (!key.mark().equals(row.get("key_mark"))) {
      throw new SpecException(
          "%s is another key than that of erasure %s, so erased persons can't be told; set the former one"
              .formatted(ErasureKey.VARIABLE, row.get("run_id")));
    }
  }

  /** Sets one, once per erasure; again where other tables are excepted than the last one says. */
  public static void set(
      Lake lake, ErasureKey key, Subject subject, String erasure, Set<String> except) {
    SmallTable table = new SmallTable(lake, definition());
    String digest = key.digest(subject.canonical());
    String excepted = String.join(",", new TreeSet<>(except));
    List<Map<String, Object>> before =
        table.rows().stream().filter(row -> digest.equals(row.get("digest"))).toList();
    Map<String, Object> last = newest(before).get(digest);
    if (last != null && last.get("run_id").equals(erasure) && last.get("except").equals(excepted)) {
      return;
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", erasure);
    row.put("pipeline", LAKE);
    row.put("columns", String.join(",", subject.columns()));
    row.put("digest", digest);
    row.put("except", excepted);
    row.put("key_mark", key.mark());
    row.put("set_at", Instant.now());
    table.append(LAKE, erasure + "/" + before.size(), List.of(row));
  }

  /** Whether a table's rows have to be looked at. */
  public boolean concern(StructType schema) {
    return !asked(schema).isEmpty();
  }

  private List<List<String>> asked(StructType schema) {
    return digests.keySet().stream()
        .filter(
            columns -> columns.stream().allMatch(name -> schema.getFieldIndex(name).isDefined()))
        .toList();
  }

  /**
   * Rows without those of erased persons; the very same where no tombstone has their key.
   *
   * @param table the table that they are of, or will be
   */
  public Dataset<Row> without(Dataset<Row> rows, String table) {
    List<List<String>> asked = asked(rows.schema());
    return asked.isEmpty() ? rows : rows.where(not(erased(asked, rows.schema(), table)));
  }

  /** The rows of erased persons. */
  public Dataset<Row> of(Dataset<Row> rows, String table) {
    return rows.where(erased(asked(rows.schema()), rows.schema(), table));
  }

  private Column erased(List<List<String>> asked, StructType schema, String table) {
    Column erased = lit(false);
    for (List<String> columns : asked) {
      Set<String> of = new TreeSet<>(digests.get(columns));
      of.removeAll(except.getOrDefault(table, Set.of()));
      ErasureKey secret = key.orElseThrow();
      UDF1<String, Boolean> test = text -> text != null && of.contains(secret.digest(text));
      erased =
          erased.or(udf(test, DataTypes.BooleanType).apply(KeyTexts.canonical(columns, schema)));
    }
    return erased;
  }

  /**
   * Refused rows without those of erased persons: by their cells where the text is a row as JSON;
   * else, since its columns aren't known, by any cell that is a key of one column.
   *
   * @param text column of the text
   */
  public Dataset<Row> withoutTexts(Dataset<Row> rows, String text, String table) {
    if (digests.isEmpty()) {
      return rows;
    }
    Map<List<String>, Set<String>> kept = new LinkedHashMap<>();
    digests.forEach(
        (columns, of) -> {
          Set<String> here = new TreeSet<>(of);
          here.removeAll(except.getOrDefault(table, Set.of()));
          kept.put(columns, here);
        });
    ErasureKey secret = key.orElseThrow();
    UDF1<String, Boolean> test = row -> row != null && holds(row, kept, secret);
    return rows.where(not(udf(test, DataTypes.BooleanType).apply(Columns.named(text))));
  }

  private static boolean holds(
      String row, Map<List<String>, Set<String>> digests, ErasureKey secret) {
    List<Map<String, String>> readings = new ArrayList<>();
    Map<String, String> cells = KeyTexts.cells(row);
    readings.add(cells);
    Map<String, String> numbers = new TreeMap<>();
    cells.forEach((name, cell) -> numbers.put(name, KeyTexts.plain(cell)));
    readings.add(numbers);
    if (cells.isEmpty()) {
      for (String cell : cellsOfALine(row)) {
        digests.keySet().stream()
            .filter(columns -> columns.size() == 1)
            .forEach(columns -> readings.add(Map.of(columns.get(0), cell)));
      }
    }
    for (Map.Entry<List<String>, Set<String>> of : digests.entrySet()) {
      for (Map<String, String> reading : readings) {
        if (KeyTexts.canonical(of.getKey(), reading)
            .filter(person -> of.getValue().contains(secret.digest(person)))
            .isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Cells by the usual separators, with and without what may stand within a cell. */
  private static Set<String> cellsOfALine(String row) {
    Set<String> cells = new LinkedHashSet<>(List.of(row.split(CELLS)));
    for (String cell : row.split(SEPARATORS)) {
      cells.add(cell.strip());
      cells.add(cell.strip().replaceAll("^[\"']|[\"']$", ""));
    }
    for (String cell : List.copyOf(cells)) {
      cells.add(KeyTexts.plain(cell));
    }
    return cells;
  }
}
