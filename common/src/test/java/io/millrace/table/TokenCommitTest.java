package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.HadoopFileSystemLogStore;
import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a commit whose store fails, or is asked by many at once. */
class TokenCommitTest {

  private static final TableDefinition FACTS =
      Facts.with(TableDefinition.column("x", DataTypes.DoubleType, "A number"));

  private static final Map<String, Plan> PLANS = new ConcurrentHashMap<>();

  /** What happens when a commit is to be written. */
  @FunctionalInterface
  private interface Plan {
    void befall(Write write) throws IOException;
  }

  /** Writes the commit, really. */
  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }

  /** A store of logs that fails as a plan says. */
  public static final class FailingLogStore extends HadoopFileSystemLogStore {
    /** Called by Kernel. */
    public FailingLogStore(Configuration configuration) {
      super(configuration);
    }

    @Override
    public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration ours)
        throws IOException {
      Plan plan = PLANS.getOrDefault(ours.get("plan"), Write::run);
      plan.befall(() -> new HardLinkLogStore(ours).write(path, actions, overwrite, ours));
    }

    @Override
    public Boolean isPartialWriteVisible(Path path, Configuration ours) {
      return true;
    }
  }

  private final String plan = UUID.randomUUID().toString();
  private final AtomicInteger commits = new AtomicInteger();
  private String root;
  private SmallTable table;
  private SmallTable others;

  @BeforeEach
  void newTable() {
    root = TestSpark.temporary("lake").toString();
    String store = FailingLogStore.class.getName();
    Map<String, String> settings =
        Map.of("io.delta.kernel.logStore.file.impl", store, "plan", plan);
    table = new SmallTable(Lake.open(root, settings, TestSpark::session), FACTS);
    others = new SmallTable(Lake.open(root, TestSpark::session), FACTS);
    assertThat(table.append("p", "first", row("first"))).contains(1L);
  }

  private void plan(Plan next) {
    PLANS.put(
        plan,
        write -> {
          commits.incrementAndGet();
          next.befall(write);
        });
  }

  private static List<Map<String, Object>> row(String runId) {
    return List.of(Map.of("run_id", runId, "pipeline", "p", "x", 1.0));
  }

  private List<Object> runs() {
    return others.rows("p").stream().map(row -> row.get("run_id")).sorted().toList();
  }

  private static void lose(Write write) throws IOException {
    write.run();
    throw new IOException("the answer is lost");
  }

  @Test
  void aCommitWhoseAnswerIsLostIsOurs() {
    plan(TokenCommitTest::lose);
    assertThat(table.append("p", "a", row("a"))).contains(2L);
    assertThat(table.appendAt("p", 2, "b", row("b"))).contains(3L);
    assertThat(table.mark("p", "m", 5)).contains(4L);
    assertThat(commits).hasValue(3);
    assertThat(runs()).containsExactly("a", "b", "first");
    assertThat(table.marked("m")).isEqualTo(5);
  }

  @Test
  void aStoreThatFailsIsAskedOnceAndUnavailable() {
    plan(
        write -> {
          throw new IOException("out of reach\nRequest 17");
        });
    assertThatThrownBy(() -> table.append("p", "a", row("a")))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "facts: can't be written: out of reach; the same command again finds out whether it"
                + " was");
    assertThatThrownBy(() -> table.appendAt("p", 1, "a", row("a")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("out of reach");
    assertThat(commits).hasValue(2);
    assertThat(runs()).containsExactly("first");
  }

  @Test
  void aCommitThatFailedBeforeAnothersGoesBehindIt() {
    plan(
        write -> {
          if (commits.get() == 1) {
            others.append("p", "theirs", row("theirs"));
            throw new IOException("out of reach");
          }
          lose(write);
        });
    assertThat(table.append("p", "a", row("a"))).contains(3L);
    assertThat(runs()).containsExactly("a", "first", "theirs");
  }

  @Test
  void anothersCommitOfTheSameTokenIsNotOurs() {
    plan(
        write -> {
          others.appendAt("p", 1, "a", row("theirs"));
          lose(write);
        });
    assertThat(table.appendAt("p", 1, "a", row("ours"))).isEmpty();
    assertThat(table.append("p", "a", row("ours"))).isEmpty();
    assertThat(runs()).containsExactly("first", "theirs");
  }

  @Test
  void theVersionToFollowIsFollowedOrNothingIsWritten() {
    plan(
        write -> {
          others.append("p", "theirs", row("theirs"));
          write.run();
        });
    assertThat(table.appendAt("p", 1, "a", row("a"))).isEmpty();
    assertThat(commits).hasValue(1);
    assertThat(runs()).containsExactly("first", "theirs");
  }

  @Test
  void ofManyWritersEachGetsIn() throws Exception {
    int writers = 6;
    int each = 8;
    AtomicInteger faults = new AtomicInteger();
    plan(
        write -> {
          write.run();
          if (faults.incrementAndGet() % 3 == 0) {
            throw new IOException("the answer is lost");
          }
        });
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> ends = new ArrayList<>();
    List<Optional<Long>> versions = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < writers; i++) {
      String name = "w" + i;
      ends.add(
          threads.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  versions.add(table.append("p", name + "/" + n, row(name + "/" + n)));
                }
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    threads.shutdown();
    assertThat(versions).doesNotContain(Optional.empty()).doesNotHaveDuplicates();
    assertThat(runs()).hasSize(writers * each + 1).doesNotHaveDuplicates();
  }
}
