package io.millrace.branch;

import static io.millrace.branch.RawLake.DAY;
import static io.millrace.branch.RawLake.NEXT;
import static io.millrace.branch.RawLake.TABLE;
import static io.millrace.branch.RawLake.publish;
import static io.millrace.branch.RawLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.branch.TableMerge.Merged;
import io.millrace.branch.TableMerge.Way;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.PinnedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Merged versions of a real table, against a merge of all rows in memory. */
class TableMergeTest {

  private final RawLake lake = new RawLake();
  private int merges;

  private TableMerge compare() {
    Branch branch = lake.branches.named("trial");
    return new TableMerge(
        new Sides(
            java.util.Optional.ofNullable(branch.versions().get(TABLE))
                .map(at -> lake.main.at(TABLE, at)),
            lake.main.latest(TABLE),
            lake.branches.open("trial").latest(TABLE).orElseThrow(),
            RawLake.KEY));
  }

  /** Compares, prepares and lands. */
  private Merged merge(TableMerge merge, Takes takes) {
    String id = "m" + merges++;
    Map<String, Long> versions = new TreeMap<>();
    lake.main
        .tables()
        .forEach(name -> versions.put(name, lake.main.latest(name).orElseThrow().version()));
    String folder = Landing.begin(lake.main, id);
    Lake rehearsal = lake.main.branch(folder, versions);
    Merged merged =
        merge.commit(rehearsal, id, takes, RawLake.runRow(RawLake.run(id), "merge", DAY));
    merged
        .move()
        .ifPresent(
            move -> new Landing(lake.main).land(new Intent(id, "trial", folder, List.of(move))));
    merge.close();
    return merged;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void rowsAndCellsAreThoseOfAMergeInMemory(int seed) throws IOException {
    Random random = new Random(seed);
    List<Row> base = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      base.add(row("a", DAY, i, random.nextInt(9) == 0 ? null : "town" + i % 5, "no"));
    }
    publish(lake.main, "a", DAY, base);
    publish(lake.main, "b", NEXT, "Kiel");
    lake.branches.create("trial");
    List<Row> ours = changed(base, random, "c", 100);
    List<Row> theirs = changed(base, random, "d", 100);
    publish(lake.main, "c", DAY, ours);
    publish(lake.branches.open("trial"), "d", DAY, theirs);

    TableMerge merge = compare();
    Map<String, String> conflicts = new TreeMap<>();
    merge
        .conflicts()
        .forEach(
            c ->
                conflicts.put(
                    c.key() + " " + c.column(), c.base() + "|" + c.ours() + "|" + c.theirs()));
    // Every other conflict is theirs, by a file as a person fills it in.
    Path file = lake.folder.resolve("conflicts.csv");
    Takes.write(file, merge.conflicts());
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      boolean header = lines.isEmpty();
      lines.add(header ? line : line + (lines.size() % 2 == 0 ? "theirs" : "ours"));
    }
    Files.write(file, lines);
    Map<String, Boolean> theirsOf = new TreeMap<>();
    for (int i = 0; i < merge.conflicts().size(); i++) {
      Conflict conflict = merge.conflicts().get(i);
      theirsOf.put(conflict.key() + " " + conflict.column(), (i + 1) % 2 == 0);
    }

    Slow slow = new Slow(base, ours, theirs, theirsOf);
    assertThat(merge.way()).isEqualTo(Way.ROWS);
    assertThat(conflicts).isEqualTo(slow.conflicts).hasSizeGreaterThan(5);
    assertThat(conflicts.keySet().toString()).contains(Conflict.ROW);
    Merged merged = merge(merge, Takes.of(file.toString()));
    Map<String, String> expected = new TreeMap<>(slow.merged);
    expected.put("1 " + NEXT, "Kiel no");
    assertThat(lake.content()).isEqualTo(expected);
    assertThat(merged.added()).isEqualTo(slow.added).isPositive();
    assertThat(merged.removed()).isEqualTo(slow.removed).isPositive();
    assertThat(merged.changed()).isEqualTo(slow.changed).isPositive();
    PinnedTable now = lake.main.latest(TABLE).orElseThrow();
    assertThat(now.slice("_day", NEXT).runIds()).as("not touched").hasSize(1);
    assertThat(now.slice("_day", DAY).runIds()).containsAll(merged.runs());
    now.files().forEach(f -> assertThat(f.path()).doesNotContain("_branches"));
    // Once is enough.
    try (TableMerge again = compare()) {
      List<Conflict> left = again.conflicts();
      assertThat(left).hasSizeLessThanOrEqualTo(conflicts.size() / 2 + 1);
    }
  }

  /** Some rows removed, some changed, some new. */
  private static List<Row> changed(List<Row> rows, Random random, String run, long first) {
    List<Row> changed = new ArrayList<>();
    for (Row row : rows) {
      int what = random.nextInt(10);
      String town = what < 4 ? "moved" + random.nextInt(3) : row.getAs("town");
      String paid = what == 3 || what == 4 ? "yes" : row.getAs("paid");
      if (what != 5) {
        changed.add(row(run, DAY, row.<Long>getAs("id"), what == 6 ? null : town, paid));
      }
    }
    for (int i = 0; i < 6; i++) {
      changed.add(row(run, DAY, first + random.nextInt(4) * 10 + i, "new" + i % 2, "no"));
    }
    return changed;
  }

  /** The same by maps. */
  private static final class Slow {

    final Map<String, String> conflicts = new TreeMap<>();
    final Map<String, String> merged = new TreeMap<>();
    long added;
    long removed;
    long changed;

    Slow(List<Row> base, List<Row> ours, List<Row> theirs, Map<String, Boolean> takeTheirs) {
      Map<Long, Row> b = byId(base);
      Map<Long, Row> o = byId(ours);
      Map<Long, Row> t = byId(theirs);
      TreeSet<Long> ids = new TreeSet<>(b.keySet());
      ids.addAll(o.keySet());
      ids.addAll(t.keySet());
      ids.forEach(id -> row(id, b.get(id), o.get(id), t.get(id), takeTheirs));
    }

    private static Map<Long, Row> byId(List<Row> rows) {
      return rows.stream().collect(Collectors.toMap(row -> row.getAs("id"), row -> row));
    }

    private void row(long id, Row b, Row o, Row t, Map<String, Boolean> takeTheirs) {
      String key = "id=" + id + ", _day=" + DAY + " ";
      String result;
      if (o != null && t != null) {
        List<String> cells = new ArrayList<>();
        for (String column : List.of("town", "paid")) {
          String was = b == null ? null : b.getAs(column);
          String one = o.getAs(column);
          String other = t.getAs(column);
          if (Objects.equals(one, other) || (b != null && Objects.equals(other, was))) {
            cells.add(one);
          } else if (b != null && Objects.equals(one, was)) {
            cells.add(other);
          } else {
            conflicts.put(key + column, was + "|" + one + "|" + other);
            cells.add(takeTheirs.get(key + column) ? other : one);
          }
        }
        result = cells.get(0) + " " + cells.get(1);
      } else if (b == null) {
        result = o != null ? text(o) : text(t);
      } else if (o == null && t == null) {
        result = null;
      } else {
        Row left = o == null ? t : o;
        boolean touched = !text(left).equals(text(b));
        if (touched) {
          conflicts.put(
              key + Conflict.ROW, "|" + (o == null ? "removed|changed" : "changed|removed"));
        }
        boolean takesTheirs = touched ? takeTheirs.get(key + Conflict.ROW) : o != null;
        Row taken = takesTheirs ? t : o;
        result = taken == null ? null : text(taken);
      }
      count(o, result);
      if (result != null) {
        merged.put(id + " " + DAY, result);
      }
    }

    private void count(Row o, String result) {
      if (o == null) {
        added += result == null ? 0 : 1;
      } else if (result == null) {
        removed++;
      } else if (!result.equals(text(o))) {
        changed++;
      }
    }

    private static String text(Row row) {
      return row.getAs("town") + " " + row.getAs("paid");
    }
  }

  @Test
  void slicesThatMainHasntTouchedComeAsFiles() {
    publish(lake.main, "a", DAY, "Ulm", "Bonn");
    lake.branches.create("trial");
    Lake branch = lake.branches.open("trial");
    publish(branch, "b", NEXT, "Kiel");
    publish(branch, "c", DAY, "Mainz");
    publish(lake.main, "d", "2026-03-03", "Trier");

    TableMerge merge = compare();
    assertThat(merge.way()).isEqualTo(Way.SLICES);
    Merged merged = merge(merge, Takes.none());

    assertThat(merged.added()).isEqualTo(2);
    assertThat(merged.removed()).isEqualTo(2);
    assertThat(lake.content())
        .isEqualTo(
            Map.of("1 " + DAY, "Mainz no", "1 " + NEXT, "Kiel no", "1 2026-03-03", "Trier no"));
    PinnedTable now = lake.main.latest(TABLE).orElseThrow();
    assertThat(now.slice("_day", NEXT).runIds()).containsExactly(RawLake.run("b"));
    assertThat(now.holds("_day", DAY, RawLake.run("c"))).isTrue();
    lake.branches.drop("trial");
    assertThat(RawLake.content(lake.open().latest(TABLE).orElseThrow()))
        .as("main has files of its own")
        .isEqualTo(lake.content());
    publish(lake.main, "e", DAY, "Ulm");
    assertThat(lake.content()).containsEntry("1 " + DAY, "Ulm no");
  }

  @Test
  void anEditByHandComesRowByRowWithARunOfItsOwn() {
    publish(lake.main, "a", DAY, "Ulm", "Bonn", "Kiel");
    lake.branches.create("trial");
    Lake branch = lake.branches.open("trial");
    publish(branch, "a", NEXT, "Trier");
    RawLake.sql(branch, "update %s set paid = 'yes' where id = 2");
    RawLake.sql(lake.main, "update %s set paid = 'later', town = 'Köln' where id = 2");

    TableMerge first = compare();
    assertThat(first.conflicts()).hasSize(1);
    Conflict conflict = first.conflicts().get(0);
    assertThat(conflict.key()).isEqualTo("id=2, _day=" + DAY);
    assertThat(List.of(conflict.column(), conflict.base(), conflict.ours(), conflict.theirs()))
        .containsExactly("paid", "no", "later", "yes");
    assertThat(conflict.oursBy().orElseThrow().by()).isEqualTo("UPDATE");
    assertThat(conflict.oursBy().orElseThrow().at())
        .isAfter(conflict.theirsBy().orElseThrow().at());
    assertThat(Takes.none().open(first.conflicts())).hasSize(1);
    Merged merged = merge(first, Takes.of("theirs"));

    assertThat(lake.content())
        .isEqualTo(
            Map.of(
                "1 " + DAY, "Ulm no",
                "2 " + DAY, "Köln yes",
                "3 " + DAY, "Kiel no",
                "1 " + NEXT, "Trier no"));
    PinnedTable now = lake.main.latest(TABLE).orElseThrow();
    assertThat(now.slice("_day", DAY).runIds()).contains(RawLake.run("a")).hasSize(2);
    assertThat(merged.runs()).isSubsetOf(allRuns(now)).doesNotContain(RawLake.run("a"));
    try (TableMerge again = compare()) {
      assertThat(again.conflicts()).isEmpty();
      assertThat(merge(again, Takes.none()).move()).as("main holds it all").isEmpty();
    }
  }

  private static TreeSet<String> allRuns(PinnedTable table) {
    TreeSet<String> runs = new TreeSet<>();
    table.files().forEach(file -> runs.addAll(file.runIds()));
    return runs;
  }

  @Test
  void whatARemovalLeavesIsAnotherSlice() {
    publish(lake.main, "a", DAY, "Ulm", "Bonn");
    lake.branches.create("trial");
    Lake branch = lake.branches.open("trial");
    assertThat(branch.cloned(TABLE)).isEqualTo(branch.path(TABLE));
    RawLake.sql(branch, "delete from %s where id = 1");

    Merged merged = merge(compare(), Takes.none());

    assertThat(merged.removed()).isOne();
    assertThat(lake.content()).isEqualTo(Map.of("2 " + DAY, "Bonn no"));
    assertThat(lake.main.latest(TABLE).orElseThrow().slice("_day", DAY).runIds())
        .as("what was made of the slice is stale")
        .doesNotContain(RawLake.run("a"))
        .isEqualTo(merged.runs());
  }

  @Test
  void whatCantBeMergedIsRefused() {
    publish(lake.main, "a", DAY, "Ulm", "Bonn", "Kiel");
    lake.branches.create("trial");
    Lake branch = lake.branches.open("trial");
    publish(branch, "b", DAY, "Bonn", "Ulm", "Mainz");
    RawLake.sql(
        branch, "alter table %s set tblproperties ('delta.enableDeletionVectors' = 'true')");
    RawLake.sql(branch, "delete from %s where id = 1");
    assertThatThrownBy(this::compare)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("raw/members: holds deletion vectors or mapped columns");
    assertThatThrownBy(() -> Takes.of("both"))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("--take both: is neither ours nor theirs nor a file");
  }
}
