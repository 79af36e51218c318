package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.FaultyProxy;
import io.millrace.FaultyProxy.Fault;
import io.millrace.FaultyProxy.Request;
import io.millrace.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits on an object store: one writer per version, whatever becomes of the answers. */
class ConditionalPutLogStoreTest {

  private static S3Server server;
  private static FaultyProxy proxy;

  private Configuration configuration;
  private ConditionalPutLogStore store;
  private Path log;

  @BeforeAll
  static void start() {
    server = new S3Server();
    proxy = new FaultyProxy(server.endpoint());
  }

  @AfterAll
  static void end() {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void newLog() {
    proxy.plan(request -> Optional.empty());
    configuration = new Configuration();
    ObjectStore.SETTINGS.forEach(configuration::set);
    S3Server.settings(proxy.endpoint()).forEach(configuration::set);
    store = new ConditionalPutLogStore(configuration);
    log = new Path("s3a://" + server.bucket() + "/lake/t/_delta_log");
  }

  private Path commit(int version) {
    return new Path(log, "%020d.json".formatted(version));
  }

  private void write(int version, String text) throws IOException {
    store.write(commit(version), List.of(text, "rest").iterator(), false, configuration);
  }

  private List<String> read(int version) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var found = store.read(commit(version), configuration)) {
      found.forEachRemaining(lines::add);
    }
    return lines;
  }

  /** The fault for the first {@code times} conditional writes of a commit. */
  private static Function<Request, Optional<Fault>> first(int times, Fault fault) {
    AtomicInteger left = new AtomicInteger(times);
    return request ->
        request.conditional() && left.getAndDecrement() > 0 ? Optional.of(fault) : Optional.empty();
  }

  @Test
  void theFirstWritesTheSecondIsTold() throws IOException {
    write(0, "ours");
    assertThatThrownBy(() -> write(0, "theirs"))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("00000000000000000000.json");
    assertThat(read(0)).containsExactly("ours", "rest");
    store.write(commit(0), List.of("forced").iterator(), true, configuration);
    assertThat(read(0)).containsExactly("forced");
  }

  @Test
  void aCommitIsOneRequest() throws IOException {
    List<Request> seen = java.util.Collections.synchronizedList(new ArrayList<>());
    proxy.plan(
        request -> {
          seen.add(request);
          return Optional.empty();
        });
    write(0, "ours");
    assertThat(seen).containsExactly(new Request("PUT", path(0), true));
  }

  private String path(int version) {
    return "/" + log.toUri().getHost() + commit(version).toUri().getPath();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"LOSE_ANSWER", "LOSE_REQUEST", "CONFLICT", "BUSY"})
  void aFaultOnTheWayChangesNothing(Fault fault) throws IOException {
    proxy.plan(first(1, fault));
    write(0, "ours");
    assertThat(proxy.faults()).isEqualTo(1);
    assertThat(read(0)).containsExactly("ours", "rest");
    assertThatThrownBy(() -> write(0, "theirs")).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void allAnswersOfOneCommitMayBeLost() throws IOException {
    proxy.plan(first(1000, Fault.LOSE_ANSWER));
    write(0, "ours");
    assertThat(proxy.faults()).isGreaterThan(1);
    assertThat(read(0)).containsExactly("ours", "rest");
  }

  @Test
  void withoutAnAnswerAnothersCommitIsNotTakenForOurs() throws IOException {
    write(0, "theirs");
    proxy.plan(first(1000, Fault.LOSE_ANSWER));
    assertThatThrownBy(() -> write(0, "ours")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read(0)).containsExactly("theirs", "rest");
  }

  @Test
  void conflictsWithoutEndAreAFaultAndNoCommit() {
    proxy.plan(first(1000, Fault.CONFLICT));
    assertThatThrownBy(() -> write(0, "ours"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void ofManyWritersOfAVersionExactlyOneWins() throws Exception {
    int versions = 20;
    int writers = 8;
    AtomicInteger requests = new AtomicInteger();
    Fault[] kinds = {Fault.LOSE_ANSWER, Fault.CONFLICT, Fault.BUSY, Fault.LOSE_REQUEST};
    proxy.plan(
        request -> {
          int n = requests.getAndIncrement();
          return request.conditional() && n % 5 == 0
              ? Optional.of(kinds[n / 5 % kinds.length])
              : Optional.empty();
        });
    Set<String> won = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> ends = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      String name = "writer " + writer;
      ends.add(threads.submit((Callable<Void>) () -> race(name, versions, won)));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    threads.shutdown();
    assertThat(won).hasSize(versions);
    assertThat(proxy.faults()).isGreaterThan(versions / 2);
    proxy.plan(request -> Optional.empty());
    for (int version = 0; version < versions; version++) {
      assertThat(won).contains(version + " " + read(version).get(0));
    }
  }

  private Void race(String name, int versions, Set<String> won) {
    for (int version = 0; version < versions; version++) {
      try {
        write(version, name);
        won.add(version + " " + name);
      } catch (FileAlreadyExistsException lost) {
        // Another one's; on to the next version.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return null;
  }

  @Test
  void aLargeCommitIsSafeToo() throws IOException {
    configuration.set("fs.s3a.multipart.size", "5242880");
    String large = "x".repeat(12_000_000);
    write(0, large);
    assertThatThrownBy(() -> write(0, large + "y")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read(0)).containsExactly(large, "rest");
  }
}
