package io.millrace.jobs;

import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads what every plan of a pipeline looks at, beside the thread that makes the plan: a log that
 * was read stays read in a lake that is {@link Lake#still still}. It changes no answer, and leaves
 * faults to the one who asks in earnest.
 */
final class Prefetch implements AutoCloseable {

  private final Lake lake;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "prefetch");
            thread.setDaemon(true);
            return thread;
          });

  /** Begins with what no pipeline's name is needed for. */
  Prefetch(Lake lake) {
    this.lake = lake;
    read(() -> new SmallTable(lake, ResultTables.checks()).marked(""));
  }

  /** Goes on with what is a pipeline's own, in the order in which a plan asks for it. */
  void of(String pipeline) {
    for (String folder : List.of("labels/", "features/")) {
      read(() -> lake.latest(folder + pipeline).ifPresent(PinnedTable::files));
    }
    read(() -> new SmallTable(lake, ResultTables.promotions()).rows(pipeline));
    read(() -> new SmallTable(lake, ResultTables.models()).rows(pipeline));
    for (String folder : List.of("predictions/", "scored/")) {
      read(() -> lake.latest(folder + pipeline).ifPresent(Prefetch::filesAndCounters));
    }
    read(() -> new SmallTable(lake, ResultTables.verdicts()).marked(""));
    read(() -> new SmallTable(lake, ResultTables.releases()).marked(""));
  }

  private static void filesAndCounters(PinnedTable table) {
    table.counter("");
    table.files();
  }

  private void read(Runnable reading) {
    worker.execute(
        () -> {
          try {
            reading.run();
          } catch (RuntimeException e) {
            System.getLogger(Prefetch.class.getName())
                .log(System.Logger.Level.DEBUG, "not read ahead", e);
          }
        });
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
