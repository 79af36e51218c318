package io.millrace.branch;

import static io.millrace.branch.RawLake.DAY;
import static io.millrace.branch.RawLake.NEXT;
import static io.millrace.branch.RawLake.TABLE;
import static io.millrace.branch.RawLake.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIndex;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A branch reads main as it was, and writes nowhere but in its own folder. */
class BranchesTest {

  private final RawLake lake = new RawLake();

  @Test
  void readsMainAsItWasAndNumbersItsOwnVersionsOn() {
    publish(lake.main, "a", DAY, "Ulm", "Bonn");
    publish(lake.main, "b", NEXT, "Kiel");
    new RunIndex(lake.main, "club", List.of()).append(List.of(RawLake.runRow("x", "ingest", DAY)));
    Branch made = lake.branches.create("trial");
    assertThat(made.versions()).containsExactly(Map.entry(TABLE, 2L), Map.entry("runs", 1L));
    publish(lake.main, "c", NEXT, "Trier");
    new RunIndex(lake.open(), "club", List.of())
        .append(List.of(RawLake.runRow("y", "ingest", DAY)));

    Lake branch = new Branches(lake.open()).open("trial");

    assertThat(branch.tables()).containsExactly(TABLE, "runs");
    assertThat(branch.ownTables()).isEmpty();
    assertThat(Files.exists(lake.folder.resolve("_branches"))).as("nothing is copied").isFalse();
    PinnedTable left = branch.latest(TABLE).orElseThrow();
    assertThat(left.version()).isEqualTo(2);
    assertThat(RawLake.content(left)).containsValues("Kiel no").doesNotContainValue("Trier no");
    assertThat(new RunLog(branch).rows("club")).hasSize(1);
    assertThat(Branches.pinned(lake.main))
        .containsExactlyInAnyOrder(new TableVersion(TABLE, 2), new TableVersion("runs", 1));

    Map<String, String> before = RawLake.bytes(lake.folder);
    publish(branch, "d", NEXT, "Mainz");
    new RunIndex(branch, "club", List.of()).append(List.of(RawLake.runRow("z", "ingest", DAY)));

    assertThat(RawLake.bytes(lake.folder)).isEqualTo(before);
    PinnedTable own = branch.latest(TABLE).orElseThrow();
    assertThat(own.version()).isEqualTo(3);
    assertThat(RawLake.content(own))
        .isEqualTo(Map.of("1 " + DAY, "Ulm no", "2 " + DAY, "Bonn no", "1 " + NEXT, "Mainz no"));
    assertThat(own.holds("_day", DAY, RawLake.run("a"))).as("main's slices are known").isTrue();
    assertThat(own.counter("slice/" + NEXT)).as("counters go on").isEqualTo(2);
    assertThat(branch.ownTables()).containsExactly(TABLE, "runs");
    assertThat(new RunLog(branch).rows("club")).hasSize(2);
    assertThat(RawLake.content(branch.at(TABLE, 1))).hasSize(2);
    assertThat(RawLake.content(branch.at(TABLE, 2))).containsValue("Kiel no");
    assertThat(RawLake.content(branch.at(TABLE, 3))).containsValue("Mainz no");
    assertThat(own.missingFiles()).isEmpty();
    assertThat(RawLake.content(lake.main.latest(TABLE).orElseThrow())).containsValue("Trier no");
    othersMayWriteItToo(branch);
    assertThat(RawLake.bytes(lake.folder)).isEqualTo(before);
  }

  /** Any Delta tool, and another process of ours. */
  private void othersMayWriteItToo(Lake branch) {
    RawLake.sql(branch, "update %s set paid = 'yes' where id = 2");
    Lake again = new Branches(lake.open()).open("trial");
    assertThat(again.latest(TABLE).orElseThrow().version()).isEqualTo(4);
    assertThat(RawLake.content(again.latest(TABLE).orElseThrow())).containsValue("Bonn yes");
    for (int i = 0; i < 8; i++) {
      new RunIndex(again, "club", List.of())
          .append(List.of(RawLake.runRow("n" + i, "ingest", DAY)));
    }
    assertThat(new RunLog(new Branches(lake.open()).open("trial")).rows("club"))
        .as("beyond the next checkpoint")
        .hasSize(10);
  }

  @Test
  void namesAreCheckedAndADroppedBranchIsGone() {
    publish(lake.main, "a", DAY, "Ulm");
    lake.branches.create("trial");
    publish(lake.branches.open("trial"), "b", NEXT, "Kiel");
    assertThatThrownBy(() -> lake.branches.create("trial"))
        .isInstanceOf(SpecException.class)
        .hasMessage("branch trial: is there already; drop it, or take another name");
    for (String name : List.of("main", "Trial", "../up", "a b", "")) {
      assertThatThrownBy(() -> lake.branches.create(name))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining(": can't be called so; lower case, digits and hyphens");
    }
    assertThatThrownBy(() -> lake.branches.open("trail"))
        .isInstanceOf(SpecException.class)
        .hasMessage("branch trail: there is none; did you mean trial?");
    assertThat(lake.branches.all()).extracting(Branch::name).containsExactly("trial");
    Branch trial = lake.branches.named("trial");
    assertThat(trial.folder()).matches("trial-[0-9a-f]{8}").endsWith(trial.id().substring(0, 8));
    assertThat(lake.branches.ofFolder(trial.folder())).contains(trial);
    assertThat(folders()).containsExactly(trial.folder());

    lake.branches.drop("trial");

    assertThat(lake.branches.all()).isEmpty();
    assertThat(Branches.pinned(lake.main)).isEmpty();
    assertThat(folders()).isEmpty();
    assertThat(lake.branches.ofFolder(trial.folder())).isEmpty();
    publish(lake.main, "c", NEXT, "Trier");
    lake.branches.create("trial");
    assertThat(RawLake.content(lake.branches.open("trial").latest(TABLE).orElseThrow()))
        .containsValue("Trier no");
  }

  private List<String> folders() {
    return Stream.of(lake.folder.resolve("_branches").toFile().list()).sorted().toList();
  }

  /** A job that goes on after its branch was dropped. */
  @Test
  void whoWritesADroppedBranchWritesNothingIntoALaterOneOfItsName() {
    publish(lake.main, "a", DAY, "Ulm");
    lake.branches.create("trial");
    Lake late = lake.branches.open("trial");
    lake.branches.drop("trial");
    Branch now = lake.branches.create("trial");

    publish(late, "b", NEXT, "Kiel");

    Lake again = lake.branches.open("trial");
    assertThat(again.ownTables()).isEmpty();
    assertThat(RawLake.content(again.latest(TABLE).orElseThrow()))
        .isEqualTo(Map.of("1 " + DAY, "Ulm no"));
    publish(again, "c", NEXT, "Trier");
    assertThat(folders()).hasSize(2);
    lake.branches.drop("trial");
    assertThat(folders()).as("of the other one").hasSize(1).doesNotContain(now.folder());
    lake.branches.create("trial");
    assertThat(folders()).as("what a dropped one left goes").isEmpty();
  }

  /** Both look, one writes its record first. */
  @Test
  void whoCreatesABranchThatAnotherHasCreatedMeanwhileTakesNothingOfIt() throws Exception {
    publish(lake.main, "a", DAY, "Ulm");
    ExecutorService people = Executors.newFixedThreadPool(2);
    try {
      List<Future<Branch>> made = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Lake own = lake.open();
        made.add(
            people.submit(
                () -> {
                  Branch branch = new Branches(own).create("trial");
                  Files.createDirectories(
                      lake.folder.resolve("_branches").resolve(branch.folder()).resolve("reports"));
                  return branch;
                }));
      }
      List<Branch> winners = new ArrayList<>();
      List<String> losers = new ArrayList<>();
      for (Future<Branch> one : made) {
        try {
          winners.add(one.get());
        } catch (ExecutionException e) {
          losers.add(e.getCause().getMessage());
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(losers)
          .containsExactly("branch trial: is there already; drop it, or take another name");
      assertThat(lake.branches.all()).containsExactlyElementsOf(winners);
      assertThat(folders()).containsExactly(winners.get(0).folder());
    } finally {
      people.shutdownNow();
    }
  }

  /** As lakes have them that were made before folders had ids. */
  @Test
  void aBranchWhoseIdHasHyphensLiesWhereItAlwaysDid() throws IOException {
    publish(lake.main, "a", DAY, "Ulm");
    Map<String, Object> row = new HashMap<>();
    row.put("pipeline", "old");
    row.put("branch_id", "6f1d8e2a-3c4b-4a5d-9e8f-001122334455");
    row.put("event", "created");
    row.put("table", TABLE);
    row.put("version", 1L);
    row.put("written_at", Instant.now());
    new SmallTable(lake.main, Branches.definition()).append("old", "t", List.of(row));
    publish(lake.branches.open("old"), "b", NEXT, "Kiel");
    assertThat(folders()).containsExactly("old");
    Files.createDirectories(lake.folder.resolve("_branches/other"));
    lake.branches.drop("old");
    assertThat(folders()).containsExactly("other");
  }

  @Test
  void aTableThatMainGetsLaterIsntThere() {
    lake.branches.create("early");
    publish(lake.main, "a", DAY, "Ulm");
    Lake branch = lake.branches.open("early");
    assertThat(branch.latest(TABLE)).isEmpty();
    assertThat(branch.tables()).isEmpty();
    publish(branch, "b", DAY, "Kiel");
    assertThat(branch.latest(TABLE).orElseThrow().version()).isEqualTo(1);
    assertThat(RawLake.content(branch.latest(TABLE).orElseThrow())).containsValue("Kiel no");
  }

  @Test
  void rowsThatMainHasDeletedByAVectorStayDeletedOnTheBranch() {
    publish(lake.main, "a", DAY, "Ulm", "Bonn", "Kiel");
    RawLake.sql(
        lake.main, "alter table %s set tblproperties ('delta.enableDeletionVectors' = true)");
    RawLake.sql(lake.main, "delete from %s where id = 2");
    assertThat(lake.main.latest(TABLE).orElseThrow().files())
        .as("vectors")
        .anyMatch(DataFile::vector);
    lake.branches.create("trial");
    Lake branch = lake.branches.open("trial");
    publish(branch, "b", NEXT, "Trier");
    PinnedTable own = branch.latest(TABLE).orElseThrow();
    assertThat(RawLake.content(own))
        .isEqualTo(Map.of("1 " + DAY, "Ulm no", "3 " + DAY, "Kiel no", "1 " + NEXT, "Trier no"));
    assertThat(own.rows()).as("by Kernel").hasSize(3);
    RawLake.sql(branch, "delete from %s where id = 3");
    assertThat(RawLake.content(branch.latest(TABLE).orElseThrow()))
        .isEqualTo(Map.of("1 " + DAY, "Ulm no", "1 " + NEXT, "Trier no"));
  }
}
