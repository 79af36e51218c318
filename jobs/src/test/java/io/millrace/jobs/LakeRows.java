package io.millrace.jobs;

import io.millrace.Hashes;
import io.millrace.TestSpark;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a lake holds, such that two lakes compare equal when they tell the same: rows in a fixed
 * order, without clock times and table versions.
 */
final class LakeRows {

  private static final Set<String> VERSIONS =
      Set.of(
          "version",
          "features_table_version",
          "labels_table_version",
          "raw_table_version",
          "predictions_version");

  private LakeRows() {}

  /** The very rows of the tables of facts, but for what a vacuum tells of itself. */
  static Map<String, List<String>> ofFacts(Lake lake) {
    Map<String, List<String>> facts = new TreeMap<>();
    for (String name : lake.readable()) {
      PinnedTable table = lake.latest(name).orElseThrow();
      if (table.partitionBy().equals(Optional.of("pipeline")) && !name.equals("vacuums")) {
        facts.put(name, table.rows().stream().map(Object::toString).sorted().toList());
      }
    }
    return facts;
  }

  /**
   * Compares two lakes for tests that aren't Java: prints a line for each table, its rows in the
   * first lake and {@code same}, or what only one of them has. Exit code 1 where they differ.
   *
   * @param lakes two folders
   */
  public static void main(String[] lakes) {
    Map<String, List<String>> first = withoutSpecs(of(Path.of(lakes[0])));
    Map<String, List<String>> second = withoutSpecs(of(Path.of(lakes[1])));
    Set<String> names = new TreeSet<>(first.keySet());
    names.addAll(second.keySet());
    boolean same = true;
    for (String name : names) {
      List<String> expected = first.getOrDefault(name, List.of());
      List<String> found = second.getOrDefault(name, List.of());
      boolean equal = expected.equals(found);
      same &= equal;
      System.out.printf("%s %d %s%n", name, expected.size(), equal ? "same" : "differs");
      if (!equal) {
        onlyIn("first", expected, found);
        onlyIn("second", found, expected);
      }
    }
    System.exit(same ? 0 : 1);
  }

  /** A spec's text changes with its schedule, which is no part of what is run. */
  private static Map<String, List<String>> withoutSpecs(Map<String, List<String>> lake) {
    List<String> runs = lake.getOrDefault("runs", List.of());
    lake.put("runs", runs.stream().map(LakeRows::withoutSpec).sorted().toList());
    return lake;
  }

  private static String withoutSpec(String run) {
    return run.replaceAll("\"spec_hash\":\"\\w+\",", "");
  }

  private static void onlyIn(String lake, List<String> rows, List<String> others) {
    List<String> more = new ArrayList<>(rows);
    others.forEach(more::remove);
    more.stream().limit(5).forEach(row -> System.out.printf("  only in the %s: %s%n", lake, row));
  }

  /** Rows of each table as JSON, and the SHA-256 of each file of each model but its manifest. */
  static Map<String, List<String>> of(Path folder) {
    return of(Lake.open(folder.toString(), TestSpark::session));
  }

  /** The same of a lake wherever it is. */
  static Map<String, List<String>> of(Lake lake) {
    Map<String, List<String>> content = new TreeMap<>();
    for (String name : lake.readable()) {
      content.put(name, rows(name, lake.latest(name).orElseThrow().read()));
    }
    content.put("model files", modelFiles(lake));
    return content;
  }

  private static List<String> rows(String table, Dataset<Row> rows) {
    Column[] kept =
        Stream.of(rows.columns())
            .filter(name -> name.equals("known_at") || !name.endsWith("_at"))
            .filter(name -> !VERSIONS.contains(name))
            .map(name -> withoutVersions(table, name))
            .toArray(Column[]::new);
    Dataset<Row> chosen = rows.select(kept);
    // The index may name a run twice: a command that was killed between a commit and the index.
    Dataset<Row> once = table.equals("runs") ? chosen.distinct() : chosen;
    return once.toJSON().collectAsList().stream().sorted().toList();
  }

  private static Column withoutVersions(String table, String name) {
    Column column = functions.col("`" + name + "`");
    if (table.equals("runs") && Set.of("inputs", "outputs").contains(name)) {
      return functions.transform(column, one -> one.getField("table")).as(name);
    }
    if (table.equals("models") && name.equals("files")) {
      return functions
          .regexp_replace(column, functions.lit("\"manifest.json\":\"\\w+\""), functions.lit(""))
          .as(name);
    }
    return column;
  }

  private static List<String> modelFiles(Lake lake) {
    String models = lake.path("models") + "/";
    List<String> found = new ArrayList<>();
    try {
      var files = lake.files().listFiles(lake.path("models"), true);
      while (files.hasNext()) {
        org.apache.hadoop.fs.Path file = files.next().getPath();
        String name = file.toString().substring(models.length());
        if (!name.matches(".*(_delta_log|=).*")
            && !file.getName().matches("manifest\\.json|\\..*")) {
          try (InputStream in = lake.files().open(file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            found.add(name + " " + Hashes.sha256Hex(text));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }
}
