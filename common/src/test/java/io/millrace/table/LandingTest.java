package io.millrace.table;

import static io.millrace.branch.RawLake.DAY;
import static io.millrace.branch.RawLake.NEXT;
import static io.millrace.branch.RawLake.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import io.millrace.branch.RawLake;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.MergeLog.Move;
import io.millrace.table.PreparedMerge.Killed;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A merge of two tables that is killed at each of its steps. */
class LandingTest {

  private static final String OTHER = PreparedMerge.OTHER;
  private static final String ID = PreparedMerge.ID;

  private final RawLake lake = new RawLake();

  private Intent prepared() {
    return PreparedMerge.of(lake);
  }

  /** Files and versions of both tables, as a process sees them that begins now. */
  private List<Object> seen() {
    Lake fresh = lake.open();
    return List.of(
        names(fresh.latest(RawLake.TABLE).orElseThrow()), names(fresh.latest(OTHER).orElseThrow()));
  }

  private static Set<String> names(PinnedTable table) {
    return table.files().stream().map(DataFile::name).collect(Collectors.toSet());
  }

  private Landing dying(String step) {
    return PreparedMerge.dying(lake.main, step);
  }

  @ParameterizedTest
  @ValueSource(strings = {"files", "intent", OTHER, RawLake.TABLE, "landed"})
  void killedAfterAStepItIsFinishedOrNeverBegan(String step) {
    Intent intent = prepared();
    List<Object> before = seen();
    assertThatThrownBy(() -> dying(step).land(intent)).isInstanceOf(Killed.class);
    boolean landed = step.equals("landed");
    if (!landed) {
      assertThat(seen()).as("readers see what was there before").isEqualTo(before);
    }
    boolean begun = !step.equals("files") && !landed;

    Lake next = lake.open();
    assertThat(Landing.settle(next))
        .isEqualTo(
            begun
                ? Optional.of("merge trial: was killed while it landed; it is finished now")
                : Optional.empty());

    if (step.equals("files")) {
      assertThat(seen()).isEqualTo(before);
      new Landing(next).land(intent);
    }
    assertThat(seen()).isNotEqualTo(before);
    for (Move move : intent.moves()) {
      PinnedTable table = lake.open().latest(move.table()).orElseThrow();
      assertThat(table.version()).isEqualTo(move.after()).isEqualTo(move.before() + 1);
      assertThat(table.counter(Landing.counter(ID))).isOne();
      assertThat(table.missingFiles()).isEmpty();
    }
    assertThat(Landing.settle(lake.open())).isEmpty();
    if (!landed) {
      assertThat(Files.exists(lake.folder().resolve(intent.rehearsal()))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoReachesTheLakeUnderAnotherUriEndsItToo(boolean hasMoved) throws IOException {
    Intent intent = prepared();
    List<Object> before = seen();
    assertThatThrownBy(() -> dying(OTHER).land(intent)).isInstanceOf(Killed.class);
    java.nio.file.Path mount = TestSpark.temporary("mount").resolve("lake");
    Files.createSymbolicLink(mount, lake.folder());
    Lake next = Lake.open(mount.toString(), TestSpark::session);
    if (hasMoved) {
      PreparedMerge.appendNothing(next, RawLake.TABLE);
    }

    assertThat(Landing.settle(next))
        .hasValueSatisfying(
            said -> assertThat(said).endsWith(hasMoved ? "it is undone now" : "is finished now"));

    assertThat(seen().equals(before)).isEqualTo(hasMoved);
    for (Move move : intent.moves()) {
      assertThat(lake.open().latest(move.table()).orElseThrow().missingFiles()).isEmpty();
      assertThat(logOf(move.table())).doesNotContain(mount.toString(), lake.folder().toString());
    }
  }

  private String logOf(String table) throws IOException {
    StringBuilder text = new StringBuilder();
    try (DirectoryStream<java.nio.file.Path> commits =
        Files.newDirectoryStream(lake.folder().resolve(table + "/_delta_log"), "*.json")) {
      for (java.nio.file.Path commit : commits) {
        text.append(Files.readString(commit));
      }
    }
    return text.toString();
  }

  @Test
  void whereMainHasMovedTheRestIsUndone() {
    Intent intent = prepared();
    List<Object> before = seen();
    assertThatThrownBy(() -> dying(OTHER).land(intent)).isInstanceOf(Killed.class);
    PreparedMerge.appendNothing(lake.open(), RawLake.TABLE);

    assertThat(Landing.settle(lake.open()))
        .contains(
            "merge trial: was killed while it landed and main has moved since; it is undone now");

    assertThat(seen()).isEqualTo(before);
    PinnedTable other = lake.open().latest(OTHER).orElseThrow();
    assertThat(other.read().count()).isOne();
    assertThat(other.counter(SlicePublisher.counterId("y"))).as("what came isn't here").isZero();
    assertThat(new FileLedger(lake.main, "members").entries(other)).as("nor its file").isEmpty();
    assertThat(Landing.settle(lake.open())).isEmpty();
    publish(lake.main, "c", NEXT, "Kiel");
    assertThat(lake.open().latest(RawLake.TABLE).orElseThrow().slices("_day")).containsKey(NEXT);
  }

  @Test
  void aMergeOfVersionsThatHavePassedDoesntBegin() {
    Intent intent = prepared();
    publish(lake.main, "c", NEXT, "Kiel");
    List<Object> before = seen();
    assertThatThrownBy(() -> new Landing(lake.main).land(intent))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "merge trial: main was written to meanwhile, and nothing has landed; merge again");
    assertThat(seen()).isEqualTo(before);
    assertThat(Landing.settle(lake.main)).isEmpty();
  }

  /** Each lands all of it or nothing, whichever is first, and neither disturbs the other. */
  @Test
  void theSameMergeTwiceAtOnceLandsOnce() {
    Intent first = prepared();
    Map<String, Long> versions = new TreeMap<>();
    first.moves().forEach(move -> versions.put(move.table(), move.before()));
    Intent second = PreparedMerge.of(lake, lake.main.branch("_branches/trial", versions), versions);
    assertThat(second.rehearsal()).isNotEqualTo(first.rehearsal());
    List<Object> before = seen();

    assertThatThrownBy(() -> dying(OTHER).land(first)).isInstanceOf(Killed.class);
    Landing landing = new Landing(lake.open());
    assertThatThrownBy(() -> landing.land(second))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("nothing has landed; merge again");
    assertThat(landing.mayBeOpen()).isFalse();
    Landing.discard(lake.main, second.rehearsal());

    assertThat(Landing.settle(lake.open()))
        .hasValueSatisfying(said -> assertThat(said).endsWith("it is finished now"));
    assertThat(seen()).isNotEqualTo(before);
    for (Move move : first.moves()) {
      PinnedTable table = lake.open().latest(move.table()).orElseThrow();
      assertThat(table.version()).isEqualTo(move.after());
      assertThat(table.counter(Landing.counter(ID))).isOne();
    }
  }

  /** Readers don't wait for it any more, so what it commits mustn't stay. */
  @Test
  void oneThatIsTakenForDeadAndUndoneTakesBackWhatItCommits() {
    Intent intent = prepared();
    List<Object> before = seen();
    List<String> steps = new ArrayList<>();
    Landing slow =
        new Landing(
            lake.main,
            step -> {
              steps.add(step);
              if (step.equals("intent")) {
                Landing.discard(lake.main, intent.rehearsal());
                assertThat(Landing.settle(lake.open()).orElseThrow()).endsWith("merge again");
              }
            });

    assertThatThrownBy(() -> slow.land(intent))
        .isInstanceOf(UnavailableException.class)
        .hasMessageEndingWith("merge again");

    assertThat(steps).containsExactly("files", "intent", OTHER, RawLake.TABLE, "undone");
    assertThat(seen()).isEqualTo(before);
    assertThat(Landing.settle(lake.open())).isEmpty();
  }

  /** It was no killed one, but one at work: there is nothing to finish and nothing to tell. */
  @Test
  void aMergeThatEndsWhileItIsLookedAtIsLeftToItself() {
    Intent intent = prepared();
    assertThatThrownBy(() -> dying(OTHER).land(intent)).isInstanceOf(Killed.class);
    List<String> steps = new ArrayList<>();
    Landing looks =
        new Landing(
            lake.open(),
            step -> {
              steps.add(step);
              Landing.settle(lake.open());
            });
    assertThat(looks.settle()).isEmpty();
    assertThat(steps).containsExactly("found");
    for (Move move : intent.moves()) {
      assertThat(lake.open().latest(move.table()).orElseThrow().version()).isEqualTo(move.after());
    }
  }

  @Test
  void oneWhoseBranchWasDroppedWhileItLandedIsFinishedOfItsCopies() {
    Intent intent = prepared();
    List<Object> before = seen();
    assertThatThrownBy(() -> dying("intent").land(intent)).isInstanceOf(Killed.class);
    Landing.discard(lake.main, "_branches/trial");
    assertThat(Landing.settle(lake.open()))
        .hasValueSatisfying(said -> assertThat(said).endsWith("it is finished now"));
    assertThat(seen()).isNotEqualTo(before);
    for (Move move : intent.moves()) {
      assertThat(lake.open().latest(move.table()).orElseThrow().missingFiles()).isEmpty();
    }
  }

  @Test
  void oneOfWhichNothingIsLeftIsUndoneAndTheSameAgainIsAnother() {
    Intent intent = prepared();
    List<Object> before = seen();
    assertThatThrownBy(() -> dying("intent").land(intent)).isInstanceOf(Killed.class);
    Map<String, Long> versions = new TreeMap<>();
    intent.moves().forEach(move -> versions.put(move.table(), move.before()));
    Landing.discard(lake.main, intent.rehearsal());
    Landing landing = new Landing(lake.open());
    assertThat(landing.attempt(ID)).isEqualTo(ID);

    assertThat(Landing.settle(lake.open()))
        .contains(
            "merge trial: was killed before it landed, and what it had prepared is gone; merge again");
    assertThat(seen()).isEqualTo(before);
    String next = landing.attempt(ID);
    assertThat(next).hasSameSizeAs(ID).isNotEqualTo(ID);
    assertThat(landing.attempt(ID)).isEqualTo(next);
    Lake branch = lake.main.branch("_branches/trial", versions);
    Intent again = PreparedMerge.of(lake, branch, versions);
    landing.land(new Intent(next, again.branch(), again.rehearsal(), again.moves()));
    assertThat(seen()).isNotEqualTo(before);
    assertThat(Landing.settle(lake.open())).isEmpty();
  }

  /** One that would land a part of itself says so before it begins. */
  @Test
  void aRehearsalThatWasTakenAwayIsNoMerge() {
    publish(lake.main, "a", DAY, "Ulm");
    long version = lake.main.latest(RawLake.TABLE).orElseThrow().version();
    Lake rehearsal = lake.main.branch(Landing.begin(lake.main, ID), Map.of(RawLake.TABLE, version));
    MergeCommit commit = new MergeCommit(rehearsal, ID, lake.main.latest(RawLake.TABLE));
    assertThatThrownBy(() -> commit.move(RawLake.TABLE))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(RawLake.TABLE + ": what the merge wrote was taken away meanwhile; merge again");
  }

  @Test
  void attemptsThatWereKilledADayAgoAreTakenAwayButForTheOneThatIsLanding() throws IOException {
    Intent open = prepared();
    assertThatThrownBy(() -> dying("intent").land(open)).isInstanceOf(Killed.class);
    String killed = Landing.begin(lake.main, ID);
    String running = Landing.begin(lake.main, ID);
    for (String folder : List.of(open.rehearsal(), killed)) {
      Files.setLastModifiedTime(
          lake.folder().resolve(folder).resolve("_place"),
          FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    }

    Landing.begin(lake.main, "another");

    assertThat(lake.folder().resolve(killed)).doesNotExist();
    assertThat(lake.folder().resolve(running)).exists();
    assertThat(Landing.settle(lake.open())).isPresent();
    assertThat(lake.folder().resolve(open.rehearsal())).doesNotExist();
  }
}
