package io.millrace.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.branch.RawLake;
import io.millrace.retain.TablePlan.Size;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.PinnedTable;
import io.millrace.table.PreparedMerge;
import io.millrace.table.PreparedMerge.Killed;
import io.millrace.table.TableFolder.FoundFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A vacuum that retains nothing, while a merge is landing. */
class VacuumedMergeTest {

  private static final Rules NOTHING = new Rules(Duration.ZERO, Duration.ZERO);
  private static final String UNDONE =
      "merge trial: was killed while it landed and main has moved since; it is undone now";

  private final RawLake lake = new RawLake();
  private final Intent intent = PreparedMerge.rawFirst(PreparedMerge.of(lake));
  private final List<String> before = rows();

  private PinnedTable raw() {
    return lake.open().latest(RawLake.TABLE).orElseThrow();
  }

  private List<String> rows() {
    return raw().read().collectAsList().stream().map(Object::toString).sorted().toList();
  }

  /** One table has landed, the other moves in another way. */
  private void dieHalfway() {
    assertThatThrownBy(() -> PreparedMerge.dying(lake.open(), RawLake.TABLE).land(intent))
        .isInstanceOf(Killed.class);
    PreparedMerge.appendNothing(lake.open(), PreparedMerge.OTHER);
  }

  private Vacuum vacuum(Vacuum.Pins pins) {
    return new Vacuum(lake.open(), NOTHING, pins);
  }

  @Test
  void whatTakesAMergeBackStays() {
    dieHalfway();
    Vacuum vacuum = vacuum(histories -> List.of());
    Vacuum.Plan plan = vacuum.plan();
    assertThat(plan.tables())
        .filteredOn(table -> table.table().equals(RawLake.TABLE))
        .extracting(TablePlan::why)
        .containsExactly("newest, merge of trial");
    vacuum.delete(plan);
    assertThat(rows()).isEqualTo(before);
    assertThat(Landing.settle(lake.open())).contains(UNDONE);
    assertThat(raw().missingFiles()).isEmpty();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void alsoWhereItBeginsWhileTheVacuumLooks() {
    List<String> once = new ArrayList<>(List.of("once"));
    Vacuum vacuum =
        vacuum(
            histories -> {
              if (!once.isEmpty()) {
                once.clear();
                dieHalfway();
              }
              return List.of();
            });
    vacuum.delete(vacuum.plan());
    assertThat(once).isEmpty();
    assertThat(Landing.settle(lake.open())).contains(UNDONE);
    assertThat(raw().missingFiles()).isEmpty();
    assertThat(rows()).isEqualTo(before);
  }

  /** The next attempt finds them there, and doesn't copy them again. */
  @Test
  void copiesOfAnAttemptThatDidntLandStayWhileTheBranchOrItsRehearsalHasThem() throws IOException {
    assertThatThrownBy(() -> PreparedMerge.dying(lake.open(), "files").land(intent))
        .isInstanceOf(Killed.class);
    Set<String> copies = names(lake.folder().resolve("_branches/trial"));
    assertThat(names(lake.folder().resolve(RawLake.TABLE))).containsAnyElementsOf(copies);
    copies.retainAll(names(lake.folder().resolve(RawLake.TABLE)));
    Vacuum vacuum = vacuum(histories -> List.of());
    assertThat(deleted(vacuum)).as("on the branch").doesNotContainAnyElementsOf(copies);
    Lake main = lake.main;
    main.files().delete(main.path("_branches/trial"), true);
    assertThat(deleted(vacuum)).as("in the rehearsal").doesNotContainAnyElementsOf(copies);
    Landing.discard(main, intent.rehearsal());
    assertThat(deleted(vacuum)).containsAll(copies).hasSizeGreaterThan(1);
  }

  private static Set<String> deleted(Vacuum vacuum) {
    return vacuum.plan().tables().stream()
        .flatMap(table -> table.delete().stream())
        .map(FoundFile::name)
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("part-.*\\.parquet"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void onceItHasLandedWhatItReplacedGoes() {
    new Landing(lake.main).land(intent);
    Vacuum vacuum = vacuum(histories -> List.of());
    Map<String, Size> deleted = vacuum.delete(vacuum.plan());
    assertThat(deleted.get(RawLake.TABLE).files()).isPositive();
    assertThat(raw().missingFiles()).isEmpty();
  }

  @Test
  void nothingComesBackOfWhichAFileIsGone() throws IOException {
    List<String> files = new ArrayList<>(raw().names());
    dieHalfway();
    files.removeAll(lake.open().at(RawLake.TABLE, intent.moves().get(0).after()).names());
    assertThat(files).hasSize(2);
    Path file = find(files.get(0));
    Path aside = lake.folder().resolve("_aside");
    Files.move(file, aside);

    assertThatThrownBy(() -> Landing.settle(lake.open()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "merge trial: %s can't be taken back to version %d, since file:%s is gone; restore that file, then run the command again"
                .formatted(RawLake.TABLE, intent.moves().get(0).before(), file));
    assertThat(new Landing(lake.open()).isOpen()).isTrue();
    assertThat(raw().version()).as("as readers see it").isEqualTo(intent.moves().get(0).before());

    Files.move(aside, file);
    assertThat(Landing.settle(lake.open())).contains(UNDONE);
    assertThat(rows()).isEqualTo(before);
  }

  private Path find(String name) throws IOException {
    try (var files = Files.walk(lake.folder().resolve(RawLake.TABLE))) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }
}
